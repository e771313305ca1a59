import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import {
  FakeBatch,
  makeSnapshot,
  makeTask
} from '../../model/testing/fakeBatches';

import { PageReader, VaultBatch } from '../testing/batches';
import { TaskPages } from './taskPages';

const SNAPSHOT = makeSnapshot({
  id: 'large',
  tasks: Array.from({ length: 1000 }, (_, index) => makeTask(index))
});

describe('TaskPages', () => {
  let batch: VaultBatch;
  let reader: PageReader;
  let pages: TaskPages;

  beforeEach(() => {
    vi.useFakeTimers();
    batch = new VaultBatch(SNAPSHOT);
    reader = new PageReader([batch]);
    pages = new TaskPages(reader);
  });

  afterEach(() => {
    pages.dispose();
    vi.useRealTimers();
  });

  async function show(start: number, end: number): Promise<void> {
    pages.show([{ batch, start, end }]);
    await vi.advanceTimersByTimeAsync(0);
  }

  it('reads the pages in sight, once', async () => {
    expect(pages.get(batch, 190)).toBeUndefined();
    await show(190, 210);
    await show(195, 215);
    expect(reader.asked).toEqual([
      ['large', 0],
      ['large', 200]
    ]);
    expect(pages.get(batch, 190)?.label).toBe('area(190)');
    expect(pages.get(batch, 210)?.label).toBe('area(210)');
    expect(pages.get(batch, 410)).toBeUndefined();
  });

  it('tells that tasks were read', async () => {
    const changed = vi.fn();
    pages.changed.connect(changed);
    await show(0, 10);
    expect(changed).toHaveBeenCalledOnce();
  });

  it('reads tasks that changed again, twice a second at most', async () => {
    await show(0, 10);
    for (let done = 0; done < 5; done++) {
      batch.become({
        counts: { ...batch.counts, done, running: 5 - done },
        state: 'running'
      });
      await show(0, 10);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(reader.asked.length).toBeLessThanOrEqual(2);
    await vi.advanceTimersByTimeAsync(1000);
    const { length } = reader.asked;
    expect(length).toBeLessThanOrEqual(3);
    await show(0, 10);
    await vi.advanceTimersByTimeAsync(1000);
    expect(reader.asked).toHaveLength(length);
  });

  it('asks for nothing of a batch that this browser runs', async () => {
    const live = new FakeBatch(SNAPSHOT);
    pages.show([{ batch: live, start: 0, end: 10 }]);
    expect(pages.get(live, 7)?.label).toBe('area(7)');
    expect(reader.asked).toEqual([]);
  });

  it('leaves rows empty that could not be read, and tries again', async () => {
    const gone = new VaultBatch({ ...SNAPSHOT, id: 'gone' });
    pages.show([{ batch: gone, start: 0, end: 10 }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(pages.get(gone, 0)).toBeUndefined();
    pages.show([{ batch: gone, start: 0, end: 10 }]);
    await vi.advanceTimersByTimeAsync(0);
    expect(reader.asked).toHaveLength(2);
  });
});
