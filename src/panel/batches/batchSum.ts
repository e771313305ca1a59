import type { TranslationBundle } from '@jupyterlab/translation';

import { formatCount, isActive } from '../../model/format';
import type { IBatches } from '../../tokens';

import { isFailed } from './filter';

/** How many batches run, and how many failed. */
export interface IBatchSum {
  readonly running: number;
  readonly failed: number;
}

/** Count the batches that run, and those that ended badly. */
export function sumBatches({ items }: Pick<IBatches, 'items'>): IBatchSum {
  return {
    running: items.filter(({ state }) => isActive(state)).length,
    failed: items.filter(isFailed).length
  };
}

/**
 * `2 running · 1 failed`; empty if there are neither.
 *
 * @param sum - The counts.
 * @param trans - Words to use.
 */
export function describeSum(
  { running, failed }: IBatchSum,
  trans: TranslationBundle
): string {
  return [
    running > 0 && trans.__('%1 running', formatCount(running)),
    failed > 0 && trans.__('%1 failed', formatCount(failed))
  ]
    .filter(Boolean)
    .join(' · ');
}
