import { describe, expect, it } from 'vitest';

import { makeSnapshot, makeTask } from '../model/testing/fakeBatches';
import type { IBatchSnapshot, ITaskSnapshot } from '../tokens';

import { timeSpans } from './timeline';

function batch(
  tasks: readonly Partial<ITaskSnapshot>[],
  state: IBatchSnapshot['state'] = 'done'
): IBatchSnapshot {
  return makeSnapshot({
    state,
    created: 10,
    tasks: tasks.map((fields, index) => makeTask(index, fields))
  });
}

describe('timeSpans', () => {
  it('says where the time of a task went', () => {
    const one = batch([{ submitted: 11, started: 14, ended: 20 }]);
    expect(timeSpans(one)).toEqual([
      { name: 'sent', seconds: 1, isOpen: false },
      { name: 'waited', seconds: 3, isOpen: false },
      { name: 'ran', seconds: 6, isOpen: false }
    ]);
  });

  it('goes from the first to the last task of several', () => {
    const several = batch([
      { submitted: 12, started: 15, ended: 18 },
      { submitted: 11, started: 13, ended: 16 },
      { submitted: 11, started: 16, ended: 30 }
    ]);
    expect(timeSpans(several).map(({ seconds }) => seconds)).toEqual([
      1, 2, 17
    ]);
  });

  it('counts a clock that steps back as nothing', () => {
    const one = batch([{ submitted: 11, started: 10.5, ended: 12 }]);
    expect(timeSpans(one)[1].seconds).toBe(0);
  });

  it.each([
    ['a start', [{ submitted: 11, ended: 12 }]],
    ['an end', [{ submitted: 11, started: 12 }]]
  ])('is empty with %s unknown', (_, tasks) => {
    expect(timeSpans(batch(tasks))).toEqual([]);
  });

  it.each([
    ['sending', [{}], ['sent', 90]],
    ['waiting', [{ submitted: 12 }], ['waited', 88]],
    ['running', [{ submitted: 12, started: 20 }], ['ran', 80]]
  ] as const)('goes on while %s', (state, tasks, [name, seconds]) => {
    const open = batch(tasks, state);
    expect(timeSpans(open, 100).at(-1)).toEqual({
      name,
      seconds,
      isOpen: true
    });
    // Of a saved card nobody knows how it went on.
    expect(timeSpans(open)).toEqual([]);
  });
});
