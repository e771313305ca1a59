import { describe, expect, it } from 'vitest';

import { DIVISION, makeSnapshot, makeTask } from '../model/testing/fakeBatches';

import { isFromLaterVersion, readSnapshot } from './snapshot';

const FULL = makeSnapshot({
  state: 'failed',
  taskGroupId: 'group-1',
  ended: 1_700_000_001,
  pythonVersion: '3.12.1',
  note: 'Stopped waiting',
  tasks: [
    makeTask(0, {
      id: 'task-1',
      state: 'failed',
      line: 7,
      submitted: 1,
      started: 2,
      ended: 3,
      failure: DIVISION
    })
  ]
});

describe('readSnapshot', () => {
  it('reads what a card saved', () => {
    expect(readSnapshot(JSON.parse(JSON.stringify(FULL)))).toEqual(FULL);
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'done'],
    ['a list', [FULL]],
    ['another version', { ...FULL, version: 2 }],
    ['an unknown state', { ...FULL, state: 'lost' }],
    ['no id', { ...FULL, id: undefined }],
    ['a title that is an object', { ...FULL, title: { toString: 1 } }],
    ['an endpoint without a name', { ...FULL, endpoint: { id: 'e' } }],
    [
      'counts that are texts',
      { ...FULL, counts: { ...FULL.counts, done: '1' } }
    ],
    [
      'counts that are no numbers',
      { ...FULL, counts: { ...FULL.counts, done: NaN } }
    ],
    ['a time that is a text', { ...FULL, created: 'now' }],
    ['tasks that are no list', { ...FULL, tasks: { length: 1 } }],
    [
      'a task of unknown state',
      { ...FULL, tasks: [{ ...makeTask(0), state: 'x' }] }
    ],
    [
      'a failure without traceback',
      {
        ...FULL,
        tasks: [{ ...makeTask(0), failure: { type: 'E', message: '' } }]
      }
    ],
    [
      'a frame that is a text',
      {
        ...FULL,
        tasks: [{ ...makeTask(0), failure: { ...DIVISION, frame: 'x' } }]
      }
    ],
    ['a function id that is a number', { ...FULL, functionIds: [1] }]
  ])('refuses %s', (_, data) => {
    expect(readSnapshot(data)).toBeUndefined();
  });
});

describe('isFromLaterVersion', () => {
  it('knows layouts yet to come from damage', () => {
    expect(isFromLaterVersion({ version: 2 })).toBe(true);
    expect(isFromLaterVersion({ version: 1 })).toBe(false);
    expect(isFromLaterVersion({ version: '2' })).toBe(false);
    expect(isFromLaterVersion(null)).toBe(false);
  });
});
