import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { englishBundle } from '../../model/format';
import {
  CREATED_S,
  DIVISION,
  FakeBatches,
  makeTask
} from '../../model/testing/fakeBatches';
import type { IBatch } from '../../tokens';

import { batchOf } from '../testing/batches';
import { describeEnd } from './endText';
import { EndWatch, lengthOf } from './endWatch';
import { StatusModel } from './statusItem';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('EndWatch', () => {
  it('tells of a batch that ends, once', async () => {
    const running = batchOf({ id: 'a', state: 'running' });
    const batches = new FakeBatches([running]);
    const watch = new EndWatch(batches);
    const ended: IBatch[] = [];
    watch.ended.connect((_, batch) => ended.push(batch));
    const over = batchOf({ id: 'a', state: 'failed' });
    for (let turn = 0; turn < 3; turn++) {
      batches.become([over]);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(ended).toEqual([over]);
  });

  it('tells of a batch that began and ended between two looks', async () => {
    const batches = new FakeBatches();
    const watch = new EndWatch(batches);
    const told = vi.fn();
    watch.ended.connect(told);
    const short = batchOf({ id: 'a', created: Date.now() / 1000 + 1 });
    for (const items of [[short], [], [short]]) {
      batches.become(items);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(told).toHaveBeenCalledOnce();
  });

  it('says nothing of batches that had ended before, or went away', async () => {
    const batches = new FakeBatches([batchOf({ id: 'a', state: 'running' })]);
    const watch = new EndWatch(batches);
    const told = vi.fn();
    watch.ended.connect(told);
    batches.become([batchOf({ id: 'old', state: 'done' })]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(told).not.toHaveBeenCalled();
  });
});

describe('describeEnd', () => {
  const end = CREATED_S + 200;

  it('says how long a batch took that went well', () => {
    const batch = batchOf({ state: 'done', ended: end });
    expect(lengthOf(batch)).toBe(200);
    expect(describeEnd(batch, englishBundle())).toBe(
      'area is done after 3 min 20 s.'
    );
  });

  it('says what went wrong, no longer than JupyterLab shows', () => {
    const failure = { ...DIVISION, message: 'x'.repeat(500) };
    const tasks = [makeTask(0), makeTask(1, { state: 'failed', failure })];
    const text = describeEnd(
      batchOf({ state: 'failed', ended: end, tasks }),
      englishBundle()
    );
    expect(text).toMatch(
      /^area × 2 has ended after 3 min 20 s: 1 done · 1 failed\. ZeroDiv/
    );
    expect(text).toHaveLength(140);
  });
});

describe('StatusModel', () => {
  it('counts what runs and what failed', async () => {
    const batches = new FakeBatches();
    const model = new StatusModel(batches);
    expect(model.isActive).toBe(false);
    batches.become([
      batchOf({ id: 'a', state: 'running' }),
      batchOf({ id: 'b', state: 'waiting' }),
      batchOf({ id: 'c', state: 'problem' }),
      batchOf({ id: 'd' })
    ]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(model.sum).toEqual({ running: 2, failed: 1 });
    expect(model.isActive).toBe(true);
    batches.become([]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(model.isActive).toBe(false);
  });
});
