// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { RateLimitError, RequestAborted } from './errors.js';
import { LimitedTransport } from './limitedtransport.js';
import { RateLimiter } from './ratelimit.js';
import type { ITransportRequest } from './types.js';

const LIMIT = { requests: 4, periodMs: 1000 };

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});

afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const advance = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** Acquire and note the time, in milliseconds. */
function acquire(
  limiter: RateLimiter,
  times: number[],
  options?: { isBackground?: boolean; signal?: AbortSignal }
): Promise<unknown> {
  const startMs = performance.now();
  return limiter
    .acquire(options)
    .then(() => times.push(performance.now() - startMs))
    .catch((error: unknown) => error);
}

/** Most times within any period. */
function busiest(times: readonly number[], periodMs: number): number {
  return Math.max(
    ...times.map(
      from => times.filter(at => at >= from && at < from + periodMs).length
    )
  );
}

describe('RateLimiter', () => {
  it('admits the budget at once and the others as it slides', async () => {
    const limiter = new RateLimiter(LIMIT);
    const times: number[] = [];
    for (let i = 0; i < 10; i++) {
      void acquire(limiter, times);
    }
    await advance(0);
    expect(times).toHaveLength(4);
    await advance(990);
    expect(times).toHaveLength(4);
    await advance(2100);
    expect(times).toHaveLength(10);
    expect(busiest(times, 1000)).toBe(4);
  });

  it('lets others go before polls, and keeps a part for them', async () => {
    const limiter = new RateLimiter(LIMIT);
    const [polls, others]: number[][] = [[], []];
    for (let i = 0; i < 8; i++) {
      void acquire(limiter, polls, { isBackground: true });
    }
    await advance(900);
    // Three of four, one at once and the others spread.
    expect(polls).toHaveLength(3);
    void acquire(limiter, others);
    await advance(0);
    expect(others).toEqual([0]);
    await advance(10_000);
    expect(polls).toHaveLength(8);
    expect(busiest(polls, 1000)).toBe(3);
  });

  it('forgets who stops waiting', async () => {
    const limiter = new RateLimiter({ requests: 1, periodMs: 1000 });
    const times: number[] = [];
    const controller = new AbortController();
    void acquire(limiter, times);
    const stopped = acquire(limiter, times, { signal: controller.signal });
    void acquire(limiter, times);
    controller.abort();
    expect(await stopped).toMatchObject({
      name: 'AbortError',
      neverSent: true
    });
    await advance(1100);
    expect(times).toHaveLength(2);
    await expect(
      limiter.acquire({ signal: AbortSignal.abort() })
    ).rejects.toBeInstanceOf(RequestAborted);
  });

  it('holds everything for as long as it is told', async () => {
    const limiter = new RateLimiter(LIMIT);
    limiter.hold(5000);
    const times: number[] = [];
    void acquire(limiter, times);
    await advance(4999);
    expect(times).toHaveLength(0);
    await advance(2);
    expect(times).toHaveLength(1);
  });
});

describe('LimitedTransport', () => {
  const request: ITransportRequest = { method: 'GET', path: '/v2/version' };

  it('counts repetitions, and heeds what the service asks for', async () => {
    const sent: number[] = [];
    const inner = {
      request: async ({ beforeRetry }: ITransportRequest) => {
        sent.push(performance.now());
        if (sent.length === 1) {
          await beforeRetry?.(
            new RateLimitError('Wait.', 3000, { httpStatus: 429 })
          );
          sent.push(performance.now());
        }
        return null;
      }
    };
    const transport = new LimitedTransport(inner, new RateLimiter(LIMIT));
    const startMs = performance.now();
    const all = Promise.all(
      Array.from({ length: 5 }, () => transport.request(request))
    );
    await advance(10_000);
    await all;
    expect(sent).toHaveLength(6);
    // One was sent; the second waits for what the first one was told.
    expect(sent.filter(at => at - startMs < 3000).length).toBeLessThan(5);
    expect(busiest(sent, 1000)).toBeLessThanOrEqual(4);
  });
});
