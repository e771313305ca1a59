/**
 * Waits for results by being told.
 */

import type { Client } from './client.js';
import { ComputeError, RequestAborted } from './errors.js';
import type { IResultSource, IWatchOptions } from './resultsource.js';
import type { ITaskResult } from './types.js';
import { Watch } from './watch.js';

/**
 * Whoever is told by a service, or by a gateway, what tasks do.
 */
export interface ITaskNews {
  /** Whether news come; while they do not, one has to ask. */
  readonly isLive: boolean;

  /**
   * Hear the news from now on.
   *
   * @returns What ends it.
   */
  listen(listener: ITaskNewsListener): () => void;
}

/**
 * Who hears of tasks.
 */
export interface ITaskNewsListener {
  /** Tasks changed; of each the state it has now. */
  onTasks(states: ReadonlyMap<string, string>): void;

  /** News stopped, or come again, or some were missed: `isLive` may differ. */
  onGap(): void;
}

/**
 * How much a push source asks.
 */
export interface IPushSourceOptions {
  /** Most tasks asked for in one request; 500. */
  chunkSize?: number;
}

/**
 * Fetches the results of tasks as soon as it is told that they ended. While
 * nothing is told, another source is asked instead.
 */
export class PushSource implements IResultSource {
  /**
   * @param client - Where to ask for results.
   * @param news - Tells when tasks end.
   * @param fallback - Watches tasks while there are no news.
   * @param options - How much to ask.
   */
  constructor(
    client: Pick<Client, 'getBatchResult'>,
    news: ITaskNews,
    fallback: IResultSource,
    options: IPushSourceOptions = {}
  ) {
    this._client = client;
    this._news = news;
    this._fallback = fallback;
    this._chunkSize = options.chunkSize ?? 500;
  }

  /**
   * Watch tasks until all are finished.
   *
   * @param taskIds - The tasks; repeated ids count once.
   * @param onUpdate - Told each change of state, and each finished task once.
   * @param options - How to stop, and whom to tell about failures.
   * @returns When all tasks are finished, failed ones included.
   * @throws RequestAborted when the signal fires.
   * @throws ComputeError as the fallback does.
   */
  watch(
    taskIds: readonly string[],
    onUpdate: (result: ITaskResult) => void,
    options: IWatchOptions = {}
  ): Promise<void> {
    const { signal, onError } = options;
    const watch = new Watch(taskIds, onUpdate, onError);
    if (signal?.aborted) {
      watch.fail(stopped());
    }
    if (watch.pending.size === 0) {
      return watch.done;
    }
    const stop = () => {
      watch.fail(stopped());
    };
    signal?.addEventListener('abort', stop, { once: true });
    this._watches.add(watch);
    this._unlisten ??= this._news.listen({
      onTasks: states => {
        this._onTasks(states);
      },
      onGap: () => {
        this._catchUp(this._watches);
      }
    });
    this._catchUp([watch]);
    return watch.done.finally(() => {
      signal?.removeEventListener('abort', stop);
      this._drop(watch);
    });
  }

  private _drop(watch: Watch): void {
    this._watches.delete(watch);
    this._polls.get(watch)?.abort();
    this._polls.delete(watch);
    if (this._watches.size === 0) {
      this._unlisten?.();
      this._unlisten = undefined;
    }
  }

  /** Ask for what may have happened unheard, and go on as is best now. */
  private _catchUp(watches: Iterable<Watch>): void {
    for (const watch of watches) {
      this._polls.get(watch)?.abort();
      this._polls.delete(watch);
      if (this._news.isLive) {
        this._want(watch.pending);
      } else {
        void this._poll(watch);
      }
    }
  }

  private _onTasks(states: ReadonlyMap<string, string>): void {
    const ended = new Set<string>();
    for (const watch of this._watches) {
      // Of many tasks few are news, or of much news little concerns us.
      const [few, isOurs] =
        states.size < watch.pending.size
          ? [states.keys(), (id: string) => watch.pending.has(id)]
          : [[...watch.pending], (id: string) => states.has(id)];
      for (const taskId of few) {
        const status = states.get(taskId);
        if (status === undefined || !isOurs(taskId)) {
          continue;
        }
        if (status === 'success' || status === 'failed') {
          ended.add(taskId);
        } else {
          watch.update({ taskId, pending: true, status });
        }
      }
    }
    ended.forEach(taskId => this._ended.add(taskId));
    this._want(ended);
  }

  private _want(taskIds: Iterable<string>): void {
    for (const taskId of taskIds) {
      this._wanted.add(taskId);
    }
    if (!this._isFetching && this._wanted.size > 0) {
      void this._fetch();
    }
  }

  /** Fetch what is wanted, one request after the other. */
  private async _fetch(): Promise<void> {
    this._isFetching = true;
    try {
      while (this._wanted.size > 0) {
        const chunk = [...this._wanted].slice(0, this._chunkSize);
        chunk.forEach(taskId => this._wanted.delete(taskId));
        const results = await this._client.getBatchResult(chunk);
        this._pass(results.values());
      }
    } catch {
      // Who polls knows when to ask again, and when to give up.
      this._wanted.clear();
      for (const watch of this._watches) {
        void this._poll(watch);
      }
    } finally {
      this._isFetching = false;
    }
  }

  private _pass(results: Iterable<ITaskResult>): void {
    for (const result of results) {
      const wasTold = this._ended.delete(result.taskId);
      for (const watch of this._watches) {
        watch.update(result);
        // Told that it ended, and asked too early: nobody will tell again.
        if (wasTold && result.pending && watch.pending.has(result.taskId)) {
          void this._poll(watch);
        }
      }
    }
  }

  /** Have the fallback watch what is not finished, until news come again. */
  private async _poll(watch: Watch): Promise<void> {
    if (this._polls.has(watch) || !this._watches.has(watch)) {
      return;
    }
    const stop = new AbortController();
    this._polls.set(watch, stop);
    try {
      await this._fallback.watch(
        [...watch.pending],
        result => {
          watch.update(result);
        },
        {
          signal: stop.signal,
          onError: (error, attempt) => {
            watch.report(error, attempt);
          }
        }
      );
    } catch (error) {
      if (!stop.signal.aborted) {
        watch.fail(
          error instanceof Error ? error : new ComputeError(String(error))
        );
      }
    }
  }

  private readonly _chunkSize: number;
  private readonly _client: Pick<Client, 'getBatchResult'>;
  private readonly _ended = new Set<string>();
  private readonly _fallback: IResultSource;
  private _isFetching = false;
  private readonly _news: ITaskNews;
  private readonly _polls = new Map<Watch, AbortController>();
  private _unlisten: (() => void) | undefined;
  private readonly _wanted = new Set<string>();
  private readonly _watches = new Set<Watch>();
}

function stopped(): RequestAborted {
  return new RequestAborted('The watching was stopped.');
}
