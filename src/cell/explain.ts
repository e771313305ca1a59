import {
  KernelAbortedError,
  KernelGoneError,
  KernelReplyError
} from '../kernel/errors';
import { ComputeError } from '../sdk';
import type { CellLanding } from './landing';
import { MagicError } from './magic/magic';

/** Why a cell was not run; shown as it is. */
export class RefusedError extends Error {}

/** The wait for results was ended by a person or by the kernel. */
export class StoppedError extends Error {}

/**
 * Show in a cell what went wrong, in one message, unless it is shown already
 * or there is nothing to say.
 *
 * @param hasCard - Whether the cell has a card, which tells of a batch that
 * could not be sent.
 */
export function explain(
  reason: unknown,
  landing: CellLanding,
  hasCard: boolean
): void {
  if (
    reason instanceof KernelReplyError ||
    reason instanceof KernelAbortedError ||
    (reason instanceof StoppedError && hasCard)
  ) {
    return;
  }
  if (reason instanceof KernelGoneError) {
    landing.refuse(
      'KernelGone',
      `${reason.message} Run the cell again to load its values.`
    );
  } else if (reason instanceof ComputeError) {
    if (!hasCard) {
      landing.refuse(reason.name, reason.message);
    }
  } else if (reason instanceof MagicError || reason instanceof RefusedError) {
    landing.refuse('ComputeError', reason.message);
  } else {
    landing.refuse('ComputeError', messageOf(reason));
  }
}

/** What an error of any kind says. */
export function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
