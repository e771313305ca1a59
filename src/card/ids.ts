import type { IBatchSnapshot } from '../tokens';

/**
 * The ids of a batch as text for a message to somebody who can help: one a
 * line, what it is of before it.
 */
export function idsOf(snapshot: IBatchSnapshot): string {
  const { endpoint, functionIds, taskGroupId, tasks } = snapshot;
  const lines = [`endpoint ${endpoint.id}`];
  functionIds.forEach(id => lines.push(`function ${id}`));
  if (taskGroupId) {
    lines.push(`task group ${taskGroupId}`);
  }
  for (const { id } of tasks) {
    if (id) {
      lines.push(`task ${id}`);
    }
  }
  return lines.join('\n');
}
