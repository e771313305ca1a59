/**
 * What a failed submission means for its tasks.
 */

import {
  ApiError,
  ComputeError,
  NetworkError,
  RequestAborted,
  SubmitOutcomeUnknown
} from './errors.js';

/** Statuses a gateway gives when the service behind it may have acted. */
const GATEWAY_STATUSES = new Set([502, 504]);

/**
 * The error to report for a failed submission: the error itself when the
 * tasks were certainly not taken, else a SubmitOutcomeUnknown.
 *
 * @param error - What the transport or the reading of its answer threw.
 * @param taskGroupId - The group the tasks would be in, where known.
 */
export function submitFailure(error: unknown, taskGroupId?: string): unknown {
  return error instanceof ComputeError && mayHaveSubmitted(error)
    ? new SubmitOutcomeUnknown(error.reason, taskGroupId)
    : error;
}

function mayHaveSubmitted(error: ComputeError): boolean {
  if (error instanceof NetworkError) {
    return !error.neverSent;
  }
  if (error instanceof ApiError) {
    return (
      error.code === 'INVALID_RESPONSE' ||
      GATEWAY_STATUSES.has(error.httpStatus ?? 0)
    );
  }
  return error instanceof RequestAborted;
}
