/**
 * Where the rows of a long list are, by arithmetic: a row that is not drawn
 * costs nothing, so a batch of 100,000 tasks opens as quickly as one of ten.
 */

/** What a row says of itself besides its place. */
export interface ITreeRow {
  /** Tells the row apart from all others, and stays while it is there. */
  readonly key: string;
  /** What it is a row of; styles go by it. */
  readonly kind: string;
  /** Level of the row in the tree, from 1. */
  readonly level: number;
  /** Whether it is open; `undefined` if it never opens. */
  readonly isExpanded?: boolean;
  /** Position among the rows it belongs to, from 1. */
  readonly position: number;
  /** How many rows it belongs to. */
  readonly setSize: number;
}

/** Rows of one height that follow each other. */
export interface ISegment<T extends ITreeRow> {
  readonly count: number;
  /** Height of each row, in CSS pixels at JupyterLab's usual font size. */
  readonly height: number;
  /** The row at a place in the segment, counted from 0. */
  readonly row: (offset: number) => T;
}

/** Rows from one up to, and without, another. */
export interface IRowRange {
  readonly start: number;
  readonly end: number;
}

interface IPlacedSegment<T extends ITreeRow> extends ISegment<T> {
  /** Index of its first row. */
  readonly start: number;
  /** Where its first row begins, in CSS pixels. */
  readonly top: number;
}

/** The places of all rows of a tree. */
export class TreeLayout<T extends ITreeRow> {
  /**
   * @param segments - All rows, in their order.
   */
  constructor(segments: Iterable<ISegment<T>>) {
    const placed: IPlacedSegment<T>[] = [];
    let start = 0;
    let top = 0;
    for (const segment of segments) {
      if (segment.count > 0) {
        placed.push({ ...segment, start, top });
        start += segment.count;
        top += segment.count * segment.height;
      }
    }
    this._segments = placed;
    this.length = start;
    this.height = top;
  }

  /** How many rows there are. */
  readonly length: number;

  /** Height of all rows, in CSS pixels at JupyterLab's usual font size. */
  readonly height: number;

  /** The row with that index; `undefined` outside of the list. */
  row(index: number): T | undefined {
    const segment = this._segmentOf(index);
    return segment?.row(index - segment.start);
  }

  /** Where a row begins, in CSS pixels. */
  topOf(index: number): number {
    const segment = this._segmentOf(index);
    return segment
      ? segment.top + (index - segment.start) * segment.height
      : this.height;
  }

  /** How high a row is, in CSS pixels. */
  heightOf(index: number): number {
    return this._segmentOf(index)?.height ?? 0;
  }

  /** The rows that lie, at least in part, between two heights. */
  rowsBetween(top: number, bottom: number): IRowRange {
    if (this.length === 0) {
      return { start: 0, end: 0 };
    }
    return {
      start: this._indexAt(top),
      end: Math.min(this.length, this._indexAt(bottom) + 1)
    };
  }

  private _indexAt(y: number): number {
    const segment = this._last(({ top }) => top <= y) ?? this._segments[0];
    const offset = Math.floor((y - segment.top) / segment.height);
    return segment.start + Math.max(0, Math.min(offset, segment.count - 1));
  }

  private _segmentOf(index: number): IPlacedSegment<T> | undefined {
    return index < 0 || index >= this.length
      ? undefined
      : this._last(({ start }) => start <= index);
  }

  /** The last segment of which something is true that is true of all before. */
  private _last(
    holds: (segment: IPlacedSegment<T>) => boolean
  ): IPlacedSegment<T> | undefined {
    let low = 0;
    let high = this._segments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this._segments[middle])) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return this._segments[low - 1];
  }

  private readonly _segments: readonly IPlacedSegment<T>[];
}
