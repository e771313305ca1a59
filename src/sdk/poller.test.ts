// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import {
  ApiError,
  AuthenticationError,
  NetworkError,
  RateLimitError,
  RequestAborted
} from './errors.js';
import { ResultPoller } from './poller.js';
import type { ITaskResult } from './types.js';

/** Answers from a table of states, and counts the requests. */
class FakeClient {
  readonly states = new Map<string, string>();
  readonly requests: { ids: readonly string[]; atMs: number }[] = [];
  failures: Error[] = [];
  delayMs = 0;

  async getBatchResult(
    ids: readonly string[],
    signal?: AbortSignal
  ): Promise<Map<string, ITaskResult>> {
    this.requests.push({ ids, atMs: Date.now() });
    if (this.delayMs > 0) {
      await new Promise<void>((resolve, reject) => {
        setTimeout(resolve, this.delayMs);
        signal?.addEventListener('abort', () => {
          reject(new RequestAborted());
        });
      });
    }
    const failure = this.failures.shift();
    if (failure) {
      throw failure;
    }
    return new Map(
      ids.flatMap(taskId => {
        const status = this.states.get(taskId);
        const pending = status !== 'success' && status !== 'failed';
        return status ? [[taskId, { taskId, status, pending }] as const] : [];
      })
    );
  }
}

let client: FakeClient;
let poller: ResultPoller;

beforeEach(() => {
  vi.useFakeTimers();
  client = new FakeClient();
  poller = new ResultPoller(client);
});

afterEach(() => {
  poller.dispose();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function watch(ids: string[], signal?: AbortSignal) {
  const updates: string[] = [];
  const errors: [string, number][] = [];
  const outcome: { value?: unknown } = {};
  const done = poller
    .watch(ids, r => updates.push(`${r.taskId} ${r.status}`), {
      signal,
      onError: (error, attempt) => errors.push([error.message, attempt])
    })
    .then(
      () => (outcome.value = 'done'),
      (error: unknown) => (outcome.value = error)
    );
  return { updates, errors, outcome, done };
}

const advance = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('ResultPoller', () => {
  it('tells each change once, and ends when all is finished', async () => {
    client.states.set('a', 'received');
    const { updates, outcome } = watch(['a', 'b', 'a']);
    await advance(0);
    expect(updates).toEqual(['a received', 'b unknown']);
    await advance(3000);
    expect(updates).toHaveLength(2);
    client.states.set('a', 'running').set('b', 'failed');
    await advance(1000);
    expect(updates.slice(2)).toEqual(['a running', 'b failed']);
    expect(outcome.value).toBeUndefined();
    client.states.set('a', 'success');
    await advance(1000);
    expect(updates.slice(4)).toEqual(['a success']);
    expect(outcome.value).toBe('done');
    const requests = client.requests.length;
    await advance(10_000);
    expect(client.requests).toHaveLength(requests);
  });

  it('asks often after a change and seldom when nothing happens', async () => {
    client.states.set('a', 'received');
    watch(['a']);
    await advance(20_000);
    const gaps = client.requests.map(({ atMs }, i, all) =>
      i === 0 ? 0 : atMs - all[i - 1].atMs
    );
    expect(gaps[1]).toBe(50);
    expect(gaps[2]).toBe(75);
    expect(gaps.at(-1)).toBe(1000);
    client.states.set('a', 'running');
    await advance(1000);
    const before = client.requests.length;
    await advance(130);
    expect(client.requests.length - before).toBeGreaterThanOrEqual(1);
    expect(client.requests.length).toBeLessThan(45);
  });

  it('is busy half of the time at most', async () => {
    client.delayMs = 400;
    watch(['a']);
    await advance(8000);
    expect(client.requests.length).toBeLessThanOrEqual(11);
  });

  it('has one loop for all watches', async () => {
    const first = watch(['a', 'b']);
    const second = watch(['b', 'c']);
    await advance(0);
    expect(client.requests.map(r => r.ids)).toEqual([['a', 'b', 'c']]);
    client.states.set('b', 'success');
    await advance(50);
    expect(first.updates).toContain('b success');
    expect(second.updates).toContain('b success');
    await advance(100);
    expect(client.requests.at(-1)?.ids).toEqual(['a', 'c']);
  });

  it('asks at once for what is new', async () => {
    watch(['a']);
    await advance(20_000);
    const before = client.requests.length;
    watch(['b']);
    await advance(0);
    expect(client.requests.length).toBe(before + 1);
    expect(client.requests.at(-1)?.ids).toEqual(['a', 'b']);
  });

  it('asks in chunks', async () => {
    poller = new ResultPoller(client, { chunkSize: 2 });
    watch(['a', 'b', 'c', 'd', 'e']);
    await advance(0);
    expect(client.requests.map(r => r.ids.length)).toEqual([2, 2, 1]);
  });

  it('goes on after failures that pass, more slowly each time', async () => {
    client.failures = [
      new NetworkError('1'),
      new ApiError('2', { httpStatus: 503 }),
      new RateLimitError('3', 7000, { httpStatus: 429 })
    ];
    const { errors, updates } = watch(['a']);
    await advance(60_000);
    expect(errors).toEqual([
      ['1', 1],
      ['2', 2],
      ['3', 3]
    ]);
    const times = client.requests.slice(0, 4).map(r => r.atMs);
    const gaps = times.slice(1).map((t, i) => t - times[i]);
    expect(gaps).toEqual([1000, 2000, 7000]);
    expect(updates).toEqual(['a unknown']);
  });

  it('does not hurry a service in trouble for a new watch', async () => {
    client.failures = [new NetworkError('1')];
    watch(['a']);
    await advance(10);
    watch(['b']);
    await advance(900);
    expect(client.requests).toHaveLength(1);
    await advance(100);
    expect(client.requests).toHaveLength(2);
  });

  it('ends with an error that stays', async () => {
    const error = new AuthenticationError('Sign in.', { httpStatus: 401 });
    client.failures = [error];
    const { outcome } = watch(['a']);
    await advance(0);
    expect(outcome.value).toBe(error);
    const next = watch(['b']);
    client.states.set('b', 'success');
    await advance(100);
    expect(next.outcome.value).toBe('done');
  });

  it('stops one watch and not the others when its signal fires', async () => {
    const controller = new AbortController();
    const stopped = watch(['a'], controller.signal);
    const other = watch(['b']);
    await advance(0);
    controller.abort();
    await advance(0);
    expect(stopped.outcome.value).toBeInstanceOf(RequestAborted);
    client.states.set('a', 'success').set('b', 'success');
    await advance(100);
    expect(stopped.updates).toEqual(['a unknown']);
    expect(other.outcome.value).toBe('done');
    const late = watch(['c'], AbortSignal.abort());
    await advance(0);
    expect(late.outcome.value).toBeInstanceOf(RequestAborted);
  });

  it('cuts the request short when nobody waits any more', async () => {
    client.delayMs = 100_000;
    const controller = new AbortController();
    watch(['a'], controller.signal);
    await advance(10);
    controller.abort();
    await advance(10);
    client.delayMs = 0;
    client.states.set('b', 'success');
    const next = watch(['b']);
    await advance(10);
    expect(next.outcome.value).toBe('done');
    await advance(100_000);
  });

  it('ends the watch of a listener that throws, and no other', async () => {
    client.states.set('a', 'success').set('b', 'success');
    const bad = poller
      .watch(['a', 'b'], () => {
        throw new Error('listener');
      })
      .catch((error: unknown) => error);
    const good = watch(['a', 'b']);
    await advance(0);
    expect(await bad).toMatchObject({ message: 'listener' });
    expect(good.updates).toEqual(['a success', 'b success']);
  });

  it('needs no request for no tasks', async () => {
    const { outcome } = watch([]);
    await advance(0);
    expect(outcome.value).toBe('done');
    expect(client.requests).toHaveLength(0);
  });

  it('ends all watches when it is disposed', async () => {
    const before = watch(['a']);
    await advance(0);
    poller.dispose();
    const after = watch(['b']);
    await advance(0);
    expect(before.outcome.value).toBeInstanceOf(RequestAborted);
    expect(after.outcome.value).toBeInstanceOf(RequestAborted);
    await advance(5000);
    expect(client.requests).toHaveLength(1);
  });
});
