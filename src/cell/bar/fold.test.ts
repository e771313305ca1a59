// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { fold } from './fold';

const ITEMS = [
  { width: 120, mayFold: false },
  { width: 60, mayFold: true },
  { width: 90, mayFold: true },
  { width: 64, mayFold: false },
  { width: 70, mayFold: true },
  { width: 30, mayFold: false }
];

describe('fold', () => {
  it.each([
    [434, [false, false, false, false, false, false]],
    [433, [false, false, false, false, true, false]],
    [364, [false, false, false, false, true, false]],
    [363, [false, false, true, false, true, false]],
    [200, [false, true, true, false, true, false]],
    [0, [false, true, true, false, true, false]]
  ])('into %i px', (available, folded) => {
    expect(fold(ITEMS, available)).toEqual(folded);
  });

  it('leaves alone what shows nothing', () => {
    const items = [
      { width: 50, mayFold: true },
      { width: 0, mayFold: true }
    ];
    expect(fold(items, 10)).toEqual([true, false]);
  });
});
