import { describe, expect, it } from 'vitest';

import {
  describePhase,
  describeState,
  englishBundle,
  formatAge,
  formatCount,
  formatCounts,
  formatDuration,
  formatFailure,
  formatTaskTime,
  formatTitle,
  isActive,
  phaseOf,
  shortId
} from './format';
import { makeTask } from './testing/fakeBatches';

describe('formatDuration', () => {
  it.each([
    [-3, '0 s'],
    [0, '0 s'],
    [0.002, '< 0.01 s'],
    [0.05, '0.05 s'],
    [0.8, '0.8 s'],
    [0.999, '1 s'],
    [3.14, '3.1 s'],
    [9.96, '10 s'],
    [48.4, '48 s'],
    [59.7, '1 min 0 s'],
    [119.7, '2 min 0 s'],
    [192, '3 min 12 s'],
    [3599.6, '1 h 0 min'],
    [3900, '1 h 5 min'],
    [86_400 * 2 + 3600 * 3, '2 d 3 h']
  ])('of %f s is %s', (seconds, words) => {
    expect(formatDuration(seconds)).toBe(words);
  });

  it('uses the words of the translator', () => {
    const trans = {
      ...englishBundle(),
      __: (text: string, ...args: unknown[]) => `${text}/${args.join()}`
    };
    expect(formatDuration(48, trans)).toBe('%1 s/48');
  });
});

describe('formatAge', () => {
  it.each([
    [-5, 'now'],
    [59, 'now'],
    [60, '1 min'],
    [59 * 60 + 59, '59 min'],
    [3600, '1 h'],
    [86_399, '23 h'],
    [86_400, '1 d'],
    [86_400 * 1500, '1,500 d']
  ])('of %f s is %s', (seconds, words) => {
    expect(formatAge(seconds)).toBe(words);
  });
});

describe('counts and titles', () => {
  it('separate thousands', () => {
    expect(formatCount(1_214_000)).toBe('1,214,000');
  });

  it('leave out what is zero', () => {
    const counts = { total: 5, waiting: 0, running: 2, done: 3, failed: 0 };
    expect(formatCounts(counts)).toBe('3 done · 2 running');
  });

  it('say nothing of a batch without tasks', () => {
    const counts = { total: 0, waiting: 0, running: 0, done: 0, failed: 0 };
    expect(formatCounts(counts)).toBe('');
  });

  it('name the number of tasks only when there are several', () => {
    expect(formatTitle('area', 1)).toBe('area');
    expect(formatTitle('area', 0)).toBe('area');
    expect(formatTitle('simulate', 2000)).toBe('simulate × 2,000');
  });
});

describe('states', () => {
  it.each([
    ['received', 'waiting'],
    ['waiting-for-ep', 'waiting'],
    ['waiting-for-nodes', 'waiting'],
    ['waiting-for-launch', 'waiting'],
    ['running', 'running'],
    ['success', 'done'],
    ['failed', 'failed']
  ] as const)('%s counts as %s', (state, phase) => {
    expect(phaseOf(state)).toBe(phase);
    expect(describePhase(phase)).toBe(phase);
  });

  it.each([
    ['sending', 'Sending', true],
    ['waiting', 'Waiting', true],
    ['running', 'Running', true],
    ['done', 'Done', false],
    ['failed', 'Failed', false],
    ['problem', 'Sending failed', false]
  ] as const)('%s is called %s', (state, label, active) => {
    expect(describeState(state)).toBe(label);
    expect(isActive(state)).toBe(active);
  });
});

describe('formatTaskTime', () => {
  it('is the time a task ran', () => {
    const task = makeTask(0, { submitted: 1, started: 10, ended: 13.1 });
    expect(formatTaskTime(task)).toBe('3.1 s');
  });

  it('counts from the submit where the start is not known', () => {
    expect(formatTaskTime(makeTask(0, { submitted: 10, ended: 12 }))).toBe(
      '2 s'
    );
  });

  it('is the phase until there is a time', () => {
    expect(formatTaskTime(makeTask(0, { state: 'running', started: 1 }))).toBe(
      'running'
    );
    expect(formatTaskTime(makeTask(0, { state: 'failed' }))).toBe('failed');
  });
});

describe('formatFailure and shortId', () => {
  it('leaves the colon out where there is no message', () => {
    expect(formatFailure({ type: 'KeyError', message: "'a'" })).toBe(
      "KeyError: 'a'"
    );
    expect(formatFailure({ type: 'AssertionError', message: '' })).toBe(
      'AssertionError'
    );
  });

  it('keeps the first group of a UUID', () => {
    expect(shortId('10c9678c-7c33-4b1e-8f38-1f0f1c2d3e4f')).toBe('10c9678c');
  });
});
