import type { TranslationBundle } from '@jupyterlab/translation';

import {
  formatCounts,
  formatDuration,
  formatFailure,
  formatTitle
} from '../../model/format';
import type { IBatch } from '../../tokens';

import { lengthOf } from './endWatch';

/** Characters of a notification: JupyterLab shows no more than 140. */
const MAX_LENGTH = 140;

/**
 * How a batch ended, in one line, as `area × 5 has ended after 3 min: 5 failed.`
 *
 * @param batch - The batch.
 * @param trans - Words to use.
 */
export function describeEnd(batch: IBatch, trans: TranslationBundle): string {
  const { counts, firstFailure } = batch;
  const title = formatTitle(batch.title, counts.total);
  const time = formatDuration(lengthOf(batch), trans);
  const end =
    batch.state === 'done'
      ? trans.__('%1 is done after %2.', title, time)
      : trans.__(
          '%1 has ended after %2: %3.',
          title,
          time,
          formatCounts(counts, trans)
        );
  const text = firstFailure ? `${end} ${formatFailure(firstFailure)}` : end;
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
}
