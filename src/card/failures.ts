import type { IBatchSnapshot, ITaskFailure, ITaskSnapshot } from '../tokens';

/** Tasks of a batch that failed in the same way. */
export interface IFailureGroup {
  /** The failure of the first of them. */
  readonly failure: ITaskFailure;
  /** The first task that failed so. */
  readonly first: ITaskSnapshot;
  /** How many tasks failed so. */
  readonly count: number;
}

/**
 * The failures among tasks, those alike (same type, message and line) put
 * together; the most frequent first.
 *
 * @param tasks - Tasks of a batch, in order.
 */
export function groupFailures(
  tasks: readonly ITaskSnapshot[]
): IFailureGroup[] {
  const groups = new Map<string, IFailureGroup>();
  for (const task of tasks) {
    const { failure } = task;
    if (!failure) {
      continue;
    }
    const key = JSON.stringify([
      failure.type,
      failure.message,
      failure.frame?.line
    ]);
    const known = groups.get(key);
    groups.set(
      key,
      known
        ? { ...known, count: known.count + 1 }
        : { failure, first: task, count: 1 }
    );
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

/**
 * How many tasks failed without the snapshot saying why: a large batch keeps
 * only some of its tasks.
 *
 * @param snapshot - The batch.
 */
export function countUnexplained(snapshot: IBatchSnapshot): number {
  const explained = snapshot.tasks.filter(task => task.failure).length;
  return Math.max(0, snapshot.counts.failed - explained);
}
