import { isActive } from '../../model/format';
import type { IBatch, IEndpointRef } from '../../tokens';

/** Which batches the list shows, by what they are doing. */
export type StateFilter = 'all' | 'running' | 'failed' | 'done';

/** The filters in the order in which they are offered. */
export const STATE_FILTERS: readonly StateFilter[] = [
  'all',
  'running',
  'failed',
  'done'
];

/** Which batches a person asked to see. */
export interface IBatchFilter {
  /**
   * What they should be doing. A batch that still runs but in which tasks have
   * failed is found under `failed` too.
   */
  readonly state: StateFilter;
  /** Id of the endpoint that they run on; empty for any. */
  readonly endpoint: string;
  /**
   * Words that must all occur, in any case, in the title, the endpoint's name,
   * the notebook's path or the type of the first failure.
   */
  readonly query: string;
}

/** Shows all batches. */
export const NO_FILTER: IBatchFilter = {
  state: 'all',
  endpoint: '',
  query: ''
};

/**
 * The batches that a person asked to see, in their order.
 *
 * @param batches - All batches.
 * @param filter - Which of them.
 */
export function filterBatches(
  batches: readonly IBatch[],
  filter: IBatchFilter
): IBatch[] {
  const words = filter.query.toLowerCase().split(/\s+/).filter(Boolean);
  return batches.filter(
    batch =>
      hasState(batch, filter.state) &&
      (filter.endpoint === '' || batch.endpoint.id === filter.endpoint) &&
      (words.length === 0 || hasWords(batch, words))
  );
}

/** Whether a batch ended badly, or never began. */
export function isFailed(batch: IBatch): boolean {
  return batch.state === 'failed' || batch.state === 'problem';
}

/** The endpoints of some batches, each once, by name. */
export function endpointsOf(batches: readonly IBatch[]): IEndpointRef[] {
  const endpoints = new Map(
    batches.map(({ endpoint }) => [endpoint.id, endpoint])
  );
  return [...endpoints.values()].sort((a, b) => a.name.localeCompare(b.name));
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

function hasWords(batch: IBatch, words: readonly string[]): boolean {
  const text = [
    batch.title,
    batch.endpoint.name,
    batch.notebookPath,
    batch.firstFailure?.type ?? ''
  ]
    .join('\n')
    .toLowerCase();
  return words.every(word => text.includes(word));
}
