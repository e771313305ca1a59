import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { FakeBatches } from '../../model/testing/fakeBatches';

import { batchOf } from '../testing/batches';
import { BatchesModel } from './batchesModel';

function keysOf({ rows: { layout } }: BatchesModel): string[] {
  return Array.from(
    { length: layout.length },
    (_, index) => layout.row(index)?.key ?? ''
  );
}

describe('BatchesModel', () => {
  const many = Array.from({ length: 450 }, (_, index) =>
    batchOf({ id: `b${index}`, title: `run-${index}` })
  );

  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('has a row for each batch that matches', () => {
    const model = new BatchesModel(new FakeBatches(many));
    expect(keysOf(model)).toHaveLength(450);
    model.filter = { ...model.filter, query: 'run-44' };
    expect(keysOf(model)).toEqual([
      'b44',
      ...Array.from({ length: 10 }, (_, index) => `b44${index}`)
    ]);
    expect(model.rows.indexOf('b440')).toBe(1);
    expect(model.rows.indexOf('b1')).toBe(-1);
  });

  it('opens batches and tasks', () => {
    const batches = many.slice(0, 2);
    const model = new BatchesModel(new FakeBatches(batches));
    model.toggleBatch('b0');
    model.toggleTask(batches[0], 0);
    expect(keysOf(model)).toEqual(['b0', 'b0#0', 'b1']);
    expect(model.rows.layout.row(1)?.isExpanded).toBe(true);
    expect(model.rows.indexOf('b0#0')).toBe(1);
    expect(model.rows.indexOf('b0#1')).toBe(-1);
    model.toggleBatch('b0');
    expect(keysOf(model)).toEqual(['b0', 'b1']);
    expect(model.rows.indexOf('b0#0')).toBe(-1);
  });

  it('tells of many changes ten times a second', async () => {
    const batches = new FakeBatches(many);
    const model = new BatchesModel(batches);
    const changed = vi.fn();
    model.stateChanged.connect(changed);
    for (let at = 0; at < 200; at++) {
      batches.become(many);
      await vi.advanceTimersByTimeAsync(5);
    }
    expect(changed.mock.calls.length).toBeGreaterThan(5);
    expect(changed.mock.calls.length).toBeLessThanOrEqual(11);
  });

  it('forgets a batch, and brings it back', async () => {
    const forget = vi.fn(() => Promise.resolve());
    const restore = vi.fn(() => Promise.resolve());
    const model = new BatchesModel(new FakeBatches([], { forget, restore }));
    await model.forget(batchOf({ id: 'a', title: 'area' }));
    expect(forget).toHaveBeenCalledExactlyOnceWith(['a']);
    expect(model.forgotten).toEqual({ ids: ['a'], title: 'area' });
    await model.undoForget();
    expect(restore).toHaveBeenCalledExactlyOnceWith(['a']);
    expect(model.forgotten).toBeNull();
  });

  it('clears what has ended, and brings all of it back', async () => {
    const restore = vi.fn(() => Promise.resolve());
    const clearFinished = vi.fn(() => Promise.resolve(['a', 'b']));
    const model = new BatchesModel(
      new FakeBatches([], { clearFinished, restore })
    );
    await model.clearFinished();
    expect(model.forgotten).toEqual({ ids: ['a', 'b'], title: null });
    await model.undoForget();
    expect(restore).toHaveBeenCalledExactlyOnceWith(['a', 'b']);
  });
});
