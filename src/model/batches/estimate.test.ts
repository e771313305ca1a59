// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { englishBundle } from '../format';
import { estimateLeft, formatLeft } from './estimate';

const NOW = 1000;

function running(
  ended: number,
  total: number,
  { started = NOW - 60, last = NOW - 1 } = {}
): Parameters<typeof estimateLeft>[0] {
  return {
    state: 'running',
    counts: {
      total,
      done: ended,
      failed: 0,
      running: 1,
      waiting: total - ended - 1
    },
    tasks: Array.from({ length: ended }, () => ({ started, ended: last }))
  };
}

describe('estimateLeft', () => {
  it('goes on at the pace so far', () => {
    expect(estimateLeft(running(60, 120), NOW)).toBe(60);
    expect(estimateLeft(running(20, 100), NOW)).toBe(240);
  });

  it.each([
    ['too few have ended', running(4, 100)],
    ['too small a share has ended', running(10, 1000)],
    ['it has just begun', running(50, 100, { started: NOW - 2 })],
    ['nothing came for long', running(50, 100, { last: NOW - 40 })],
    ['nothing is known of the starts', { ...running(50, 100), tasks: [] }],
    ['it waits', { ...running(50, 100), state: 'waiting' as const }]
  ])('says nothing when %s', (_, batch) => {
    expect(estimateLeft(batch, NOW)).toBeNull();
  });
});

it.each([
  [3, 'a few seconds left'],
  [31, 'about 40 s left'],
  [55, 'about 1 min left'],
  [119, 'about 2 min left'],
  [3500, 'about 1 h left']
])('puts %s s as "%s"', (seconds, words) => {
  expect(formatLeft(seconds, englishBundle())).toBe(words);
});
