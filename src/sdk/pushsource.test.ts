// @vitest-environment node
import { beforeEach, describe, expect, it } from 'vitest';

import { NetworkError } from './errors.js';
import { PushSource, type ITaskNewsListener } from './pushsource.js';
import type { IResultSource, IWatchOptions } from './resultsource.js';
import type { ITaskResult } from './types.js';

/** A service whose tasks a test sets, and what was asked of it. */
class Service {
  readonly states = new Map<string, string>();
  readonly asked: string[][] = [];
  failure: Error | null = null;

  getBatchResult(ids: readonly string[]): Promise<Map<string, ITaskResult>> {
    this.asked.push([...ids]);
    if (this.failure) {
      return Promise.reject(this.failure);
    }
    return Promise.resolve(
      new Map(
        ids.map(taskId => {
          const status = this.states.get(taskId) ?? 'received';
          const pending = status !== 'success';
          return [taskId, { taskId, pending, status }];
        })
      )
    );
  }
}

/** News that a test tells. */
class News {
  isLive = true;
  readonly listeners = new Set<ITaskNewsListener>();

  listen(listener: ITaskNewsListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(states: Record<string, string>): void {
    this.listeners.forEach(listener => {
      listener.onTasks(new Map(Object.entries(states)));
    });
  }

  become(isLive: boolean): void {
    this.isLive = isLive;
    this.listeners.forEach(listener => {
      listener.onGap();
    });
  }
}

/** A source that notes what it is asked to watch, and ends when told. */
class Fallback implements IResultSource {
  readonly watched: {
    ids: readonly string[];
    update: (result: ITaskResult) => void;
    fail: (error: Error) => void;
    isStopped: () => boolean;
  }[] = [];

  watch(
    ids: readonly string[],
    update: (result: ITaskResult) => void,
    { signal }: IWatchOptions = {}
  ): Promise<void> {
    return new Promise((_, fail) => {
      const isStopped = () => signal?.aborted ?? false;
      this.watched.push({ ids, update, fail, isStopped });
    });
  }
}

describe('PushSource', () => {
  let service: Service;
  let news: News;
  let fallback: Fallback;
  let source: PushSource;
  let seen: string[];

  const watch = (ids: string[], options?: IWatchOptions): Promise<void> =>
    source.watch(
      ids,
      ({ taskId, status }) => {
        seen.push(`${taskId} ${status}`);
      },
      options
    );

  /** Until what was asked has been answered. */
  const settle = (): Promise<void> =>
    new Promise(resolve => setImmediate(resolve));

  beforeEach(() => {
    service = new Service();
    news = new News();
    fallback = new Fallback();
    source = new PushSource(service, news, fallback, { chunkSize: 2 });
    seen = [];
  });

  it('fetches a result when it is told that the task ended', async () => {
    const done = watch(['a']);
    await settle();
    news.tell({ a: 'running', other: 'success' });
    expect(seen).toEqual(['a received', 'a running']);
    service.states.set('a', 'success');
    news.tell({ a: 'success' });
    await done;
    expect(seen.at(-1)).toBe('a success');
    // Once to begin with, once for the result, and nothing for the other's.
    expect(service.asked).toEqual([['a'], ['a']]);
    expect(news.listeners.size).toBe(0);
    expect(fallback.watched).toEqual([]);
  });

  it('finds what ended before it began to listen', async () => {
    service.states.set('a', 'success').set('b', 'success').set('c', 'success');
    await watch(['a', 'b', 'c']);
    expect(service.asked).toEqual([['a', 'b'], ['c']]);
  });

  it('polls while there are no news, and stops when they come', async () => {
    news.isLive = false;
    const done = watch(['a', 'b']);
    expect(fallback.watched[0].ids).toEqual(['a', 'b']);
    fallback.watched[0].update({
      taskId: 'a',
      pending: false,
      status: 'success'
    });
    service.states.set('b', 'success');
    news.become(true);
    await done;
    expect(fallback.watched[0].isStopped()).toBe(true);
    expect(service.asked).toEqual([['b']]);
    expect(seen).toEqual(['a success', 'b success']);
  });

  it('polls again when the news stop', async () => {
    void watch(['a']);
    await settle();
    news.become(false);
    expect(fallback.watched[0].ids).toEqual(['a']);
    news.become(true);
    expect(fallback.watched[0].isStopped()).toBe(true);
  });

  it('asks for all again after news were missed', async () => {
    const done = watch(['a']);
    await settle();
    service.states.set('a', 'success');
    news.become(true);
    await done;
    expect(seen.at(-1)).toBe('a success');
  });

  it('polls for a task that was told of before it could be fetched', async () => {
    void watch(['a']);
    await settle();
    news.tell({ a: 'success' });
    await settle();
    expect(fallback.watched[0].ids).toEqual(['a']);
  });

  it('leaves failed requests to the one that knows when to repeat', async () => {
    service.failure = new NetworkError('No answer.');
    const done = watch(['a']);
    await settle();
    expect(fallback.watched[0].ids).toEqual(['a']);
    const failure = new Error('refused');
    fallback.watched[0].fail(failure);
    await expect(done).rejects.toBe(failure);
  });

  it('stops when told to, and asks nobody any more', async () => {
    const stop = new AbortController();
    const done = watch(['a'], { signal: stop.signal });
    stop.abort();
    await expect(done).rejects.toThrow('stopped');
    expect(news.listeners.size).toBe(0);
    await expect(watch(['b'], { signal: stop.signal })).rejects.toThrow(
      'stopped'
    );
  });
});
