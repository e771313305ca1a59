/**
 * Keeps requests within what a service allows.
 */

import { RequestAborted } from './errors.js';

/**
 * How many requests may begin in any period of some length.
 */
export interface IRateLimit {
  /** Most requests in the period. */
  requests: number;

  /** Length of the period, in milliseconds. */
  periodMs: number;
}

/**
 * What Globus Compute allows each client: 20 requests in 10 seconds.
 *
 * @see https://globus-compute.readthedocs.io/en/latest/limits.html
 */
export const COMPUTE_RATE_LIMIT: IRateLimit = {
  requests: 20,
  periodMs: 10_000
};

/**
 * How much longer than the period requests are counted: the service counts
 * arrivals, and some requests travel longer than others.
 */
const SAFETY_FACTOR = 1.05;

/** The part of the budget that requests for news leave to all others. */
const RESERVED_PART = 1 / 4;

/** The part of the budget that requests for news may use without spacing. */
const BURST_PART = 1 / 4;

/** Somebody who waits for leave. */
interface IWaiter {
  isBackground: boolean;
  admit: () => void;
}

/**
 * Admits requests in a sliding window, first come first served.
 *
 * Background requests, which ask for news of tasks, come after all others,
 * leave them a part of the budget, and are spread over the period, so that a
 * submission rarely has to wait for the polling.
 */
export class RateLimiter {
  /**
   * @param limit - How many requests in which time.
   */
  constructor(limit: IRateLimit = COMPUTE_RATE_LIMIT) {
    this._limit = limit;
  }

  /**
   * Wait for leave to send one request.
   *
   * @param options - `isBackground` for requests that only ask for news;
   * `signal` ends the wait.
   * @throws RequestAborted when the signal fires before.
   */
  acquire(
    options: { isBackground?: boolean; signal?: AbortSignal } = {}
  ): Promise<void> {
    const { isBackground = false, signal } = options;
    return new Promise((resolve, reject) => {
      const waiter: IWaiter = {
        isBackground,
        admit: () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        }
      };
      const stop = () => {
        this._waiters = this._waiters.filter(other => other !== waiter);
        this._schedule();
        reject(new RequestAborted(undefined, { neverSent: true }));
      };
      if (signal?.aborted) {
        reject(new RequestAborted(undefined, { neverSent: true }));
        return;
      }
      signal?.addEventListener('abort', stop, { once: true });
      this._waiters.push(waiter);
      this._schedule();
    });
  }

  /**
   * Admit nothing for a while, because the service said so.
   *
   * @param ms - How long, in milliseconds, from now.
   */
  hold(ms: number): void {
    this._heldUntilMs = Math.max(this._heldUntilMs, performance.now() + ms);
    this._schedule();
  }

  /** Admit who may go now, and wake up when the next one may. */
  private _schedule(): void {
    clearTimeout(this._timer);
    this._timer = undefined;
    for (;;) {
      const next =
        this._waiters.find(waiter => !waiter.isBackground) ??
        this._waiters.at(0);
      if (!next) {
        return;
      }
      const nowMs = performance.now();
      const waitMs = this._waitMs(next.isBackground, nowMs);
      if (waitMs > 0) {
        // Timers may fire a little early: one more millisecond is enough.
        this._timer = setTimeout(() => this._schedule(), Math.ceil(waitMs) + 1);
        return;
      }
      this._waiters = this._waiters.filter(waiter => waiter !== next);
      this._admittedMs.push(nowMs);
      if (next.isBackground) {
        this._lastBackgroundMs = nowMs;
      }
      next.admit();
    }
  }

  /** Milliseconds until the next request of a kind may go. */
  private _waitMs(isBackground: boolean, nowMs: number): number {
    const { requests, periodMs } = this._limit;
    const sinceMs = nowMs - periodMs * SAFETY_FACTOR;
    this._admittedMs = this._admittedMs.filter(atMs => atMs > sinceMs);
    const heldMs = this._heldUntilMs - nowMs;
    const used = this._admittedMs.length;
    const allowed = isBackground
      ? Math.max(1, Math.floor(requests * (1 - RESERVED_PART)))
      : requests;
    if (used >= allowed) {
      return Math.max(heldMs, this._admittedMs[used - allowed] - sinceMs);
    }
    if (isBackground && used >= requests * BURST_PART) {
      const dueMs = this._lastBackgroundMs + periodMs / allowed;
      return Math.max(heldMs, dueMs - nowMs);
    }
    return heldMs;
  }

  /** When the requests of the last period were admitted. */
  private _admittedMs: number[] = [];
  private _heldUntilMs = 0;
  private _lastBackgroundMs = -Infinity;
  private readonly _limit: IRateLimit;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _waiters: IWaiter[] = [];
}
