import type { IMimeBundle } from '@jupyterlab/nbformat';

import type { Batch } from '../../model/batches/batch';
import type { ITaskOutput } from '../../model/batches/outcome';
import type { IBatchSnapshot } from '../../tokens';
import type { CellLanding } from '../landing';

/**
 * Keep the card of a batch in its cell up to date, for as long as the batch
 * lives.
 *
 * Squares and counts are live in the card's view alone: the notebook gets a
 * new card when the state of the batch changes, for each write of a large
 * one costs.
 *
 * @param onlyFailure - Show no card unless something fails.
 */
export function showCard(
  batch: Batch,
  landing: CellLanding,
  toMimeBundle: (snapshot: IBatchSnapshot) => IMimeBundle,
  onlyFailure = false
): void {
  let shown = '';
  const show = (): void => {
    const { state, note, ended, landed } = batch;
    if (onlyFailure && state !== 'failed' && state !== 'problem') {
      return;
    }
    const now = JSON.stringify([state, note, ended, landed]);
    if (now !== shown) {
      shown = now;
      landing.putCard(toMimeBundle(batch.snapshot()));
    }
  };
  batch.changed.connect(show);
  show();
}

/** Show what tasks printed, displayed and drew, in task order. */
export function showOutputs(
  landing: CellLanding,
  outputs: readonly ITaskOutput[]
): void {
  for (const { stdout, stderr, displays } of outputs) {
    landing.addStream('stdout', stdout);
    landing.addStream('stderr', stderr);
    for (const bundle of displays) {
      landing.addDisplay(bundle);
    }
  }
}
