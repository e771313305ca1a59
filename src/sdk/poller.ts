/**
 * Waits for results by polling.
 */

import { Alarm } from './alarm.js';
import type { Client } from './client.js';
import {
  ApiError,
  ComputeError,
  NetworkError,
  RateLimitError,
  RequestAborted
} from './errors.js';
import type { IResultSource, IWatchOptions } from './resultsource.js';
import type { ITaskResult } from './types.js';
import { Watch } from './watch.js';

/**
 * How often and how much a poller asks.
 */
export interface IPollerOptions {
  /** Wait after a submission or a change, in milliseconds; 50. */
  minIntervalMs?: number;

  /** Longest wait while nothing changes, in milliseconds; 1000. */
  maxIntervalMs?: number;

  /** Most tasks asked for in one request; 500. */
  chunkSize?: number;
}

/** Growth of the wait while nothing changes. */
const INTERVAL_GROWTH = 1.5;

/** Longest wait between attempts after failures, in milliseconds. */
const MAX_BACKOFF_MS = 30_000;

/**
 * Watches any number of tasks with one polling loop: often just after a
 * submission or a change, seldom when nothing happens, and never busier than
 * half of the time.
 */
export class ResultPoller implements IResultSource {
  /**
   * @param client - Where to ask.
   * @param options - How often and how much.
   */
  constructor(
    client: Pick<Client, 'getBatchResult'>,
    options: IPollerOptions = {}
  ) {
    this._client = client;
    this._minIntervalMs = options.minIntervalMs ?? 50;
    this._maxIntervalMs = options.maxIntervalMs ?? 1000;
    this._chunkSize = options.chunkSize ?? 500;
    this._intervalMs = this._minIntervalMs;
  }

  /**
   * Watch tasks until all are finished.
   *
   * @param taskIds - The tasks; repeated ids count once.
   * @param onUpdate - Told each change of state, and each finished task once.
   * @param options - How to stop, and whom to tell about failures.
   * @returns When all tasks are finished, failed ones included.
   * @throws RequestAborted when the signal fires or the poller is disposed.
   * @throws ComputeError when the service refuses for a reason that asking
   * again does not mend, e.g. AuthenticationError.
   */
  watch(
    taskIds: readonly string[],
    onUpdate: (result: ITaskResult) => void,
    options: IWatchOptions = {}
  ): Promise<void> {
    const { signal, onError } = options;
    const watch = new Watch(taskIds, onUpdate, onError);
    if (this._disposed || signal?.aborted) {
      watch.fail(new RequestAborted('The watching was stopped.'));
      return watch.done;
    }
    if (watch.pending.size === 0) {
      return watch.done;
    }
    const stop = () => {
      this._stop(watch);
    };
    signal?.addEventListener('abort', stop, { once: true });
    this._watches.add(watch);
    this._intervalMs = this._minIntervalMs;
    if (this._running && this._failures === 0) {
      this._alarm.ring();
    }
    void this._run();
    return watch.done.finally(() => {
      signal?.removeEventListener('abort', stop);
    });
  }

  /**
   * Stop all watching for good; the tasks go on.
   */
  dispose(): void {
    this._disposed = true;
    for (const watch of this._watches) {
      watch.fail(new RequestAborted('The poller was disposed.'));
    }
    this._watches.clear();
    this._halt();
  }

  private _stop(watch: Watch): void {
    watch.fail(new RequestAborted('The watching was stopped.'));
    this._watches.delete(watch);
    if (this._watches.size === 0) {
      this._halt();
    }
  }

  /** Cut short the request and the wait that nobody needs any more. */
  private _halt(): void {
    this._request?.abort();
    this._alarm.ring();
  }

  private async _run(): Promise<void> {
    if (this._running) {
      return;
    }
    this._running = true;
    try {
      // One turn of the loop later, so that watches started together share
      // their first request.
      await Promise.resolve();
      while (this._watches.size > 0) {
        const waitMs = await this._round();
        if (this._watches.size > 0) {
          await this._alarm.wait(waitMs);
        }
      }
    } finally {
      this._running = false;
    }
  }

  /** Ask once for every unfinished task; gives the wait, in milliseconds. */
  private async _round(): Promise<number> {
    const startedMs = Date.now();
    let changed = false;
    // What rang for the tasks asked for now must not cut the next wait.
    this._alarm = new Alarm();
    const ids = this._pendingIds();
    for (let i = 0; i < ids.length && this._watches.size > 0;) {
      const chunk = ids.slice(i, i + this._chunkSize);
      i += this._chunkSize;
      try {
        changed = (await this._ask(chunk)) || changed;
        this._failures = 0;
      } catch (error) {
        const waitMs = this._onFailure(error, chunk);
        if (waitMs > 0) {
          return waitMs;
        }
      }
    }
    this._intervalMs = changed
      ? this._minIntervalMs
      : Math.min(this._maxIntervalMs, this._intervalMs * INTERVAL_GROWTH);
    return Math.max(this._intervalMs, Date.now() - startedMs);
  }

  private _pendingIds(): string[] {
    const ids = new Set<string>();
    for (const watch of this._watches) {
      for (const taskId of watch.pending) {
        ids.add(taskId);
      }
    }
    return [...ids];
  }

  private async _ask(chunk: readonly string[]): Promise<boolean> {
    this._request = new AbortController();
    const signal = this._request.signal;
    const results = await this._client.getBatchResult(chunk, signal);
    let changed = false;
    for (const taskId of chunk) {
      const result = results.get(taskId) ?? unknownTask(taskId);
      for (const watch of this._watches) {
        changed = watch.update(result) || changed;
      }
    }
    this._dropFinished();
    return changed;
  }

  /**
   * Tell the watches concerned; gives the wait before the next attempt in
   * milliseconds, 0 when the failure is final and they were ended by it.
   */
  private _onFailure(error: unknown, chunk: readonly string[]): number {
    if (error instanceof RequestAborted && this._request?.signal.aborted) {
      return 0;
    }
    const failure =
      error instanceof Error ? error : new ComputeError(String(error));
    const concerned = [...this._watches].filter(watch =>
      chunk.some(taskId => watch.pending.has(taskId))
    );
    if (!isTransient(failure)) {
      concerned.forEach(watch => {
        watch.fail(failure);
      });
      this._dropFinished();
      return 0;
    }
    this._failures += 1;
    concerned.forEach(watch => {
      watch.report(failure, this._failures);
    });
    this._dropFinished();
    return this._backoffMs(failure);
  }

  private _dropFinished(): void {
    for (const watch of this._watches) {
      if (watch.pending.size === 0) {
        this._watches.delete(watch);
      }
    }
  }

  private _backoffMs(failure: Error): number {
    const askedMs =
      failure instanceof RateLimitError ? (failure.retryAfterMs ?? 0) : 0;
    const ownMs = this._maxIntervalMs * 2 ** (this._failures - 1);
    return Math.max(askedMs, Math.min(ownMs, MAX_BACKOFF_MS));
  }

  private _alarm = new Alarm();
  private readonly _chunkSize: number;
  private readonly _client: Pick<Client, 'getBatchResult'>;
  private _disposed = false;
  private _failures = 0;
  private _intervalMs: number;
  private readonly _maxIntervalMs: number;
  private readonly _minIntervalMs: number;
  private _request: AbortController | undefined;
  private _running = false;
  private readonly _watches = new Set<Watch>();
}

/** Whether asking again may help. */
function isTransient(error: Error): boolean {
  if (error instanceof NetworkError || error instanceof RateLimitError) {
    return true;
  }
  return error instanceof ApiError && (error.httpStatus ?? 0) >= 500;
}

function unknownTask(taskId: string): ITaskResult {
  return { taskId, pending: true, status: 'unknown' };
}
