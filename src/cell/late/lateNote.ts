import type { IBatch } from '../../tokens';

/**
 * What a card says of results that came when no page waited for them: which
 * lines of the cell did not run. Kept in the notebook, so in English, as
 * every note of a batch.
 */
export function lateNote(batch: Pick<IBatch, 'tasks' | 'isLive'>): string {
  if (batch.isLive) {
    return (
      'The notebook was closed while this cell ran. What its tasks left is ' +
      'here; what its own lines printed is not.'
    );
  }
  const lines = batch.tasks.flatMap(({ line }) => line ?? []);
  const rest =
    lines.length > 0
      ? `What follows the calls in line ${Math.max(...lines)} did not run`
      : 'Its value was not brought into the notebook';
  return (
    'These results came after the page was closed or had stopped waiting. ' +
    `${rest}. "Load into variable" brings the values here; running the cell again sends it again.`
  );
}
