import type { IBatch } from '../tokens';
import { isActive } from '../model/format';

/** Which batches the list shows, by what they are doing. */
export type StateFilter = 'all' | 'running' | 'failed' | 'done';

/** The filters in the order in which they are offered. */
export const STATE_FILTERS: readonly StateFilter[] = [
  'all',
  'running',
  'failed',
  'done'
];

/**
 * The batches that a person asked to see, in their order.
 *
 * @param batches - All batches.
 * @param filter - What they should be doing. A batch that still runs but in
 *   which tasks have failed is found under `failed` too.
 * @param query - Words that must all occur, in any case, in the title, the
 *   endpoint's name, the notebook's path or the type of the first failure.
 */
export function filterBatches(
  batches: readonly IBatch[],
  filter: StateFilter,
  query: string
): IBatch[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return batches.filter(batch => {
    const text = searchText(batch);
    return hasState(batch, filter) && words.every(word => text.includes(word));
  });
}

/** Whether a batch ended badly, or never began. */
export function isFailed(batch: IBatch): boolean {
  return batch.state === 'failed' || batch.state === 'problem';
}

function hasState(batch: IBatch, filter: StateFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'running':
      return isActive(batch.state);
    case 'failed':
      return isFailed(batch) || batch.counts.failed > 0;
    case 'done':
      return batch.state === 'done';
  }
}

function searchText(batch: IBatch): string {
  return [
    batch.title,
    batch.endpoint.name,
    batch.notebookPath,
    batch.firstFailure?.type ?? ''
  ]
    .join('\n')
    .toLowerCase();
}
