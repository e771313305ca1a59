import { describe, expect, it } from 'vitest';

import type { ISegment, ITreeRow } from './layout';
import { TreeLayout } from './layout';

function segment(
  name: string,
  count: number,
  height: number
): ISegment<ITreeRow> {
  return {
    count,
    height,
    row: offset => ({
      key: `${name}${offset}`,
      kind: 'test',
      level: 1,
      position: offset + 1,
      setSize: count
    })
  };
}

const layout = new TreeLayout([
  segment('a', 2, 50),
  segment('none', 0, 70),
  segment('b', 100_000, 20),
  segment('c', 1, 50)
]);

describe('TreeLayout', () => {
  it('knows how many rows there are and how high they are', () => {
    expect(layout.length).toBe(100_003);
    expect(layout.height).toBe(100 + 2_000_000 + 50);
  });

  it.each([
    [0, 'a0', 0, 50],
    [1, 'a1', 50, 50],
    [2, 'b0', 100, 20],
    [100_001, 'b99999', 100 + 99_999 * 20, 20],
    [100_002, 'c0', 2_000_100, 50]
  ])('places row %j', (index, key, top, height) => {
    expect(layout.row(index)?.key).toBe(key);
    expect(layout.topOf(index)).toBe(top);
    expect(layout.heightOf(index)).toBe(height);
  });

  it('has no rows outside of the list', () => {
    expect(layout.row(-1)).toBeUndefined();
    expect(layout.row(100_003)).toBeUndefined();
  });

  it.each([
    [0, 100, 0, 3],
    [49, 51, 0, 2],
    [100, 139, 2, 4],
    [2_000_000, 9_999_999, 2 + 99_995, 100_003],
    [-50, 10, 0, 1]
  ])('finds the rows between %j and %j', (top, bottom, start, end) => {
    expect(layout.rowsBetween(top, bottom)).toEqual({ start, end });
  });

  it('may be empty', () => {
    const empty = new TreeLayout<ITreeRow>([]);
    expect(empty.length).toBe(0);
    expect(empty.row(0)).toBeUndefined();
    expect(empty.rowsBetween(0, 100)).toEqual({ start: 0, end: 0 });
  });
});
