/**
 * Results in the order in which they come.
 */

import type { TaskFuture } from './future.js';
import { type IWaitOptions, waitFor } from './waiting.js';

/**
 * A future that is done. It is wrapped because a loop over futures themselves
 * would wait for each of them, and throw.
 */
export interface ICompletedTask<T = unknown> {
  /** Place of the future among those given, from 0. */
  index: number;

  /** The future. */
  future: TaskFuture<T>;

  /** The value, unless there is an error. */
  value?: T;

  /** Why there is no value. */
  error?: Error;
}

/**
 * Give results as they come, those of failed and cancelled calls included.
 *
 * @param futures - The futures.
 * @param options - How long to wait for all of them together.
 * @throws ResultTimeout or RequestAborted when the wait is ended before.
 *
 * @example
 * ```ts
 * for await (const { index, value, error } of asCompleted(futures)) {
 *   console.log(index, error ?? value);
 * }
 * ```
 */
export async function* asCompleted<T>(
  futures: Iterable<TaskFuture<T>>,
  options: IWaitOptions = {}
): AsyncGenerator<ICompletedTask<T>, void, undefined> {
  const ended: { index: number; future: TaskFuture<T> }[] = [];
  let wake: (() => void) | undefined;
  let count = 0;
  for (const future of futures) {
    const index = count++;
    future.addDoneCallback(() => {
      ended.push({ index, future });
      wake?.();
    });
  }
  const untilMs = performance.now() + (options.timeoutMs ?? Infinity);
  for (let given = 0; given < count; given++) {
    if (ended.length === 0) {
      const next = new Promise<void>(resolve => (wake = resolve));
      await waitFor(next, remaining(options, untilMs));
    }
    const next = ended.shift();
    if (next) {
      const error = await next.future.exception();
      yield error
        ? { ...next, error }
        : { ...next, value: await next.future.result() };
    }
  }
}

/** What is left of a wait. */
function remaining(options: IWaitOptions, untilMs: number): IWaitOptions {
  const { signal } = options;
  return untilMs === Infinity
    ? { signal }
    : { signal, timeoutMs: Math.max(0, untilMs - performance.now()) };
}
