/**
 * Which requests are sent again, and when.
 */

import {
  ApiError,
  type ComputeError,
  NetworkError,
  RequestAborted
} from './errors.js';
import type { ITransportRequest } from './types.js';

/** Statuses that pass by themselves. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Statuses that say a registration was not acted on. */
const REFUSING_STATUSES: ReadonlySet<number> = new Set([429, 503]);

/** Path of a submission. */
const SUBMIT_PATH = /^\/v3\/endpoints\/[^/]+\/submit$/;

/** Longer waits are left to the caller, in milliseconds. */
const MAX_WAIT_MS = 60_000;

/**
 * How often and how fast requests are sent again.
 */
export interface IRetryPolicy {
  /** Times a request is sent again. */
  maxRetries: number;

  /** Wait before the first retry, in milliseconds; doubles each time. */
  baseDelayMs: number;
}

/**
 * Milliseconds to wait before a request is sent again; `undefined` when it
 * must not be.
 *
 * Reading is always safe to repeat. Registering a function is repeated only
 * when the service said it refused. A submission is repeated only when the
 * service counted it as one request too many and looked no further (429); in
 * all other cases its tasks could run twice.
 *
 * @param request - The request that failed.
 * @param error - How it failed.
 * @param attempt - How many times it was sent before.
 * @param policy - How often and how fast.
 */
export function retryDelayMs(
  request: ITransportRequest,
  error: ComputeError,
  attempt: number,
  policy: IRetryPolicy
): number | undefined {
  if (attempt >= policy.maxRetries || !mayRepeat(request, error)) {
    return undefined;
  }
  const askedMs = error instanceof ApiError ? error.retryAfterMs : undefined;
  // Spread out, so that many clients do not come back all at once.
  const ownMs = policy.baseDelayMs * 2 ** attempt * (0.5 + Math.random() / 2);
  const waitMs = askedMs ?? ownMs;
  return waitMs <= MAX_WAIT_MS ? waitMs : undefined;
}

/**
 * Wait, unless the signal fires first.
 *
 * @throws RequestAborted when it does.
 */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new RequestAborted(undefined, { neverSent: true }));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) {
      stop();
    } else {
      signal?.addEventListener('abort', stop, { once: true });
    }
  });
}

function mayRepeat(request: ITransportRequest, error: ComputeError): boolean {
  const status = error.httpStatus ?? 0;
  const { method, path } = request;
  if (method === 'GET' || (method === 'POST' && path === '/v2/batch_status')) {
    return error instanceof NetworkError || PASSING_STATUSES.has(status);
  }
  if (method === 'POST' && path === '/v3/functions') {
    return REFUSING_STATUSES.has(status);
  }
  if (method === 'POST' && SUBMIT_PATH.test(path)) {
    return status === 429;
  }
  return false;
}
