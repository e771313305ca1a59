import type { TranslationBundle } from '@jupyterlab/translation';

import type { BatchState, IBatchCounts } from '../../tokens';

/* With fewer results than this a pace is a guess. */
const MIN_ENDED = 5;

/* A pace of less than this share of the batch says little of the rest. */
const MIN_SHARE = 0.02;

/* Before this a pace is mostly the start of the workers, in seconds. */
const MIN_ELAPSED_S = 5;

/* Nothing came for so many times the usual gap: the pace has changed. */
const MAX_GAPS = 10;

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;

/** A batch, as far as its pace goes. */
interface IPacedBatch {
  readonly state: BatchState;
  readonly counts: IBatchCounts;
  readonly tasks: readonly {
    readonly started?: number;
    readonly ended?: number;
  }[];
}

/**
 * How long a running batch will still take if it goes on as it did.
 *
 * @param batch - The batch.
 * @param now - Seconds since the epoch.
 * @returns seconds; `null` where an estimate would be a guess: too few tasks
 * have ended, or none has for long.
 */
export function estimateLeft(batch: IPacedBatch, now: number): number | null {
  const { total, done, failed } = batch.counts;
  const ended = done + failed;
  if (
    batch.state !== 'running' ||
    ended < MIN_ENDED ||
    ended < total * MIN_SHARE ||
    ended === total
  ) {
    return null;
  }
  let first = Infinity;
  let last = -Infinity;
  for (const task of batch.tasks) {
    first = Math.min(first, task.started ?? Infinity);
    last = Math.max(last, task.ended ?? -Infinity);
  }
  const elapsed = now - first;
  const gap = elapsed / ended;
  const isStalled = now - last > Math.max(MIN_ELAPSED_S, MAX_GAPS * gap);
  return elapsed >= MIN_ELAPSED_S && Number.isFinite(elapsed) && !isStalled
    ? gap * (total - ended)
    : null;
}

/** An estimate in words that claim no more than it knows: `about 2 min left`. */
export function formatLeft(seconds: number, trans: TranslationBundle): string {
  if (seconds < 10) {
    return trans.__('a few seconds left');
  }
  if (seconds < 50) {
    return trans.__('about %1 s left', Math.ceil(seconds / 10) * 10);
  }
  if (seconds < 50 * MINUTE_S) {
    return trans.__('about %1 min left', Math.round(seconds / MINUTE_S) || 1);
  }
  return trans.__('about %1 h left', Math.round(seconds / HOUR_S) || 1);
}
