/**
 * Waiting that can be ended.
 */

import { RequestAborted } from './errors.js';
import { ResultTimeout } from './taskerrors.js';

/**
 * How long to wait.
 */
export interface IWaitOptions {
  /** Ends the wait; what is waited for goes on. */
  signal?: AbortSignal;

  /** Longest wait, in milliseconds; for ever unless given. */
  timeoutMs?: number;
}

/**
 * Wait for a promise, but no longer than told.
 *
 * @param promise - What to wait for; one that never fails.
 * @param options - How long.
 * @param taskId - The task that is waited for, for the message.
 * @throws RequestAborted when the signal fires before.
 * @throws ResultTimeout when the time is over before.
 */
export function waitFor<T>(
  promise: PromiseLike<T>,
  options: IWaitOptions = {},
  taskId?: string
): Promise<T> {
  const { signal, timeoutMs } = options;
  if (signal?.aborted) {
    return Promise.reject(stopped());
  }
  return new Promise<T>((resolve, reject) => {
    const stop = () => {
      finish();
      reject(stopped());
    };
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            finish();
            reject(new ResultTimeout(timeoutMs, taskId));
          }, timeoutMs);
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    };
    signal?.addEventListener('abort', stop, { once: true });
    void promise.then(value => {
      finish();
      resolve(value);
    });
  });
}

function stopped(): RequestAborted {
  return new RequestAborted('The waiting was stopped. The task goes on.');
}
