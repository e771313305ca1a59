import { isActive } from '../../model/format';
import type { IBatch } from '../../tokens';

import type { ISegment, ITreeRow } from '../tree/layout';
import { TreeLayout } from '../tree/layout';
import type { IBatchGroup } from './grouping';

/* Heights in CSS pixels at JupyterLab's usual font size; see panel.css. */
const GROUP_HEIGHT = 28;
const BATCH_HEIGHT = 48;
const METER_HEIGHT = 7;
const LINE_HEIGHT = 20;
const TASK_HEIGHT = 24;
const TASK_DETAILS_HEIGHT = 84;

/** A group of batches: by notebook, endpoint or state. */
interface IGroupRow extends ITreeRow {
  readonly kind: 'group';
  readonly group: IBatchGroup;
}

/** A batch. */
interface IBatchRow extends ITreeRow {
  readonly kind: 'batch';
  readonly batch: IBatch;
}

/** A task of the batch above it. */
interface ITaskRow extends ITreeRow {
  readonly kind: 'task';
  readonly batch: IBatch;
  /** Index of the task within the batch. */
  readonly index: number;
}

/** A row of the list of batches. */
export type BatchTreeRow = IGroupRow | IBatchRow | ITaskRow;

/** What is open in the list of batches. */
export interface IOpenRows {
  /** Keys of the groups that are shut. */
  readonly closedGroups: ReadonlySet<string>;
  /** Ids of the batches whose tasks are listed. */
  readonly expanded: ReadonlySet<string>;
  /** Keys of the tasks of which more is shown. */
  readonly openTasks: ReadonlySet<string>;
}

/** The rows of the list of batches, and where each is. */
export class BatchTreeRows {
  /**
   * @param groups - The batches; a single group without a label is no row.
   * @param open - What is open.
   */
  constructor(groups: readonly IBatchGroup[], open: IOpenRows) {
    this.layout = new TreeLayout(this._segments(groups, open));
  }

  readonly layout: TreeLayout<BatchTreeRow>;

  /** Index of the row with that key; -1 if there is none. */
  indexOf(key: string): number {
    const known = this._indexes.get(key);
    if (known !== undefined) {
      return known;
    }
    const at = key.lastIndexOf('#');
    const parent = this._indexes.get(key.slice(0, at));
    const batch = this.layout.row(parent ?? -1);
    const index = Number(key.slice(at + 1));
    return parent !== undefined &&
      batch?.isExpanded === true &&
      batch.kind === 'batch' &&
      index < batch.batch.counts.total
      ? parent + 1 + index
      : -1;
  }

  private *_segments(
    groups: readonly IBatchGroup[],
    open: IOpenRows
  ): Iterable<ISegment<BatchTreeRow>> {
    let next = 0;
    const place = (segment: ISegment<BatchTreeRow>): ISegment<BatchTreeRow> => {
      next += segment.count;
      return segment;
    };
    for (const [at, group] of groups.entries()) {
      let level = 1;
      if (group.label !== null) {
        const isExpanded = !open.closedGroups.has(group.key);
        this._indexes.set(group.key, next);
        yield place(groupSegment(group, at, groups.length, isExpanded));
        if (!isExpanded) {
          continue;
        }
        level = 2;
      }
      for (const [position, batch] of group.batches.entries()) {
        const isExpanded = open.expanded.has(batch.id);
        this._indexes.set(batch.id, next);
        yield place(
          batchSegment(batch, {
            level,
            isExpanded,
            position: position + 1,
            setSize: group.batches.length
          })
        );
        if (isExpanded) {
          for (const segment of taskSegments(batch, level + 1, open)) {
            yield place(segment);
          }
        }
      }
    }
  }

  private readonly _indexes = new Map<string, number>();
}

/** Key of a task's row; a batch's row has the id of the batch as its key. */
export function taskKey(batch: IBatch, index: number): string {
  return `${batch.id}#${index}`;
}

/** How many lines an open batch has beyond its first two. */
function countLines(batch: IBatch): number {
  const COUNTS_AND_ACTIONS = 2;
  return (
    COUNTS_AND_ACTIONS + (batch.note ? 1 : 0) + (batch.firstFailure ? 1 : 0)
  );
}

function groupSegment(
  group: IBatchGroup,
  at: number,
  setSize: number,
  isExpanded: boolean
): ISegment<BatchTreeRow> {
  return {
    count: 1,
    height: GROUP_HEIGHT,
    row: () => ({
      kind: 'group',
      group,
      key: group.key,
      level: 1,
      isExpanded,
      position: at + 1,
      setSize
    })
  };
}

function batchSegment(
  batch: IBatch,
  place: Pick<IBatchRow, 'level' | 'isExpanded' | 'position' | 'setSize'>
): ISegment<BatchTreeRow> {
  return {
    count: 1,
    height:
      BATCH_HEIGHT +
      (isActive(batch.state) ? METER_HEIGHT : 0) +
      (place.isExpanded ? countLines(batch) * LINE_HEIGHT : 0),
    row: () => ({ kind: 'batch', batch, key: batch.id, ...place })
  };
}

/** Tasks of which more is shown are segments of their own. */
function* taskSegments(
  batch: IBatch,
  level: number,
  { openTasks }: IOpenRows
): Iterable<ISegment<BatchTreeRow>> {
  const setSize = batch.counts.total;
  const opened = [...openTasks]
    .filter(key => key.startsWith(`${batch.id}#`))
    .map(key => Number(key.slice(batch.id.length + 1)))
    .filter(index => index < setSize)
    .sort((a, b) => a - b);
  const segment = (
    start: number,
    end: number,
    isExpanded: boolean
  ): ISegment<BatchTreeRow> => ({
    count: end - start,
    height: TASK_HEIGHT + (isExpanded ? TASK_DETAILS_HEIGHT : 0),
    row: offset => ({
      kind: 'task',
      batch,
      index: start + offset,
      key: taskKey(batch, start + offset),
      level,
      isExpanded,
      position: start + offset + 1,
      setSize
    })
  });
  let next = 0;
  for (const index of opened) {
    yield segment(next, index, false);
    yield segment(index, index + 1, true);
    next = index + 1;
  }
  yield segment(next, setSize, false);
}
