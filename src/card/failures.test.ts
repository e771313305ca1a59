import { describe, expect, it } from 'vitest';

import { DIVISION, makeSnapshot, makeTask } from '../model/testing/fakeBatches';

import { countUnexplained, groupFailures } from './failures';

describe('groupFailures', () => {
  it('puts alike failures together, the most frequent first', () => {
    const other = { ...DIVISION, message: 'modulo by zero' };
    const groups = groupFailures([
      makeTask(0),
      makeTask(1, { state: 'failed', failure: other }),
      makeTask(2, { state: 'failed', failure: DIVISION }),
      makeTask(3, { state: 'failed', failure: { ...DIVISION } })
    ]);
    expect(groups.map(group => [group.first.index, group.count])).toEqual([
      [2, 2],
      [1, 1]
    ]);
  });

  it('keeps apart what failed at different lines', () => {
    const elsewhere = {
      ...DIVISION,
      frame: { line: 9, name: 'f', source: 'x' }
    };
    const groups = groupFailures([
      makeTask(0, { failure: DIVISION }),
      makeTask(1, { failure: elsewhere })
    ]);
    expect(groups).toHaveLength(2);
  });
});

describe('countUnexplained', () => {
  it('is what the counts know and the tasks do not tell', () => {
    const snapshot = makeSnapshot({
      tasks: [makeTask(0, { state: 'failed', failure: DIVISION })],
      counts: { total: 5000, waiting: 0, running: 0, done: 4880, failed: 120 }
    });
    expect(countUnexplained(snapshot)).toBe(119);
    expect(countUnexplained(makeSnapshot())).toBe(0);
  });
});
