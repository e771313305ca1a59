import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement, ReactNode } from 'react';

import type { IBatch, ITaskSnapshot } from '../../tokens';

import type { IRowRange } from '../tree/layout';
import { WindowedTree } from '../tree/windowedTree';
import type { BatchActionId, IBatchAction } from './batchActions';
import { BatchRow, describeBatch } from './batchRow';
import type { BatchTreeRow, BatchTreeRows } from './batchTreeRows';
import { GroupRow } from './groupRow';
import type { ITaskRange } from './taskPages';
import { describeTask, TaskRow } from './taskRow';

/** Properties of {@link BatchTree}. */
export interface IBatchTreeProps {
  /** The rows to draw, and where each is. */
  readonly rows: BatchTreeRows;
  /** Seconds since the epoch, for ages. */
  readonly now: number;
  readonly trans: TranslationBundle;
  /** What can be done with a batch now. */
  readonly actionsOf: (batch: IBatch) => readonly IBatchAction[];
  /** A task; `undefined` until it was read. */
  readonly taskOf: (batch: IBatch, index: number) => ITaskSnapshot | undefined;
  /** What a task returned, as text; `undefined` where that is not known. */
  readonly resultOf: (batch: IBatch, task: ITaskSnapshot) => string | undefined;
  /** Open or close a row. */
  readonly onToggle: (row: BatchTreeRow) => void;
  readonly onAction: (batch: IBatch, action: BatchActionId) => void;
  /** Show all that can be done with a batch, at a place in the window. */
  readonly onMenu: (batch: IBatch, x: number, y: number) => void;
  /** Show the cell, and its line, counted from 1, if given. */
  readonly onGoToCell: (batch: IBatch, line?: number) => void;
  readonly onCopy: (text: string) => void;
  /** Which tasks are in sight. */
  readonly onShowTasks: (ranges: readonly ITaskRange[]) => void;
}

/** Batches and their tasks as a tree; of any length, see {@link WindowedTree}. */
export function BatchTree(props: IBatchTreeProps): ReactElement {
  const { rows, trans, taskOf, onToggle, onMenu, onGoToCell } = props;
  const { layout } = rows;
  return (
    <WindowedTree
      layout={layout}
      indexOf={key => rows.indexOf(key)}
      label={trans.__('Batches')}
      describe={row => describeRow(row, props)}
      draw={row => drawRow(row, props)}
      onToggle={onToggle}
      onOpen={row => {
        if (row.kind === 'group') {
          onToggle(row);
        } else if (row.kind === 'batch') {
          onGoToCell(row.batch);
        } else {
          onGoToCell(row.batch, taskOf(row.batch, row.index)?.line);
        }
      }}
      onMenu={(row, x, y) => {
        if (row.kind !== 'group') {
          onMenu(row.batch, x, y);
        }
      }}
      onShow={range => {
        props.onShowTasks(taskRanges(rows, range));
      }}
    />
  );
}

function describeRow(row: BatchTreeRow, props: IBatchTreeProps): string {
  const { trans, taskOf } = props;
  switch (row.kind) {
    case 'group':
      return row.group.label ?? '';
    case 'batch':
      return describeBatch(row.batch, trans);
    case 'task':
      return describeTask(row.index, taskOf(row.batch, row.index), trans);
  }
}

function drawRow(row: BatchTreeRow, props: IBatchTreeProps): ReactNode {
  const { trans } = props;
  switch (row.kind) {
    case 'group':
      return (
        <GroupRow group={row.group} isExpanded={row.isExpanded === true} />
      );
    case 'batch':
      return (
        <BatchRow
          batch={row.batch}
          isExpanded={row.isExpanded === true}
          actions={props.actionsOf(row.batch)}
          now={props.now}
          trans={trans}
          onAction={props.onAction}
          onMenu={props.onMenu}
        />
      );
    case 'task': {
      const isExpanded = row.isExpanded === true;
      const task = props.taskOf(row.batch, row.index);
      return (
        <TaskRow
          batch={row.batch}
          index={row.index}
          task={task}
          isExpanded={isExpanded}
          value={
            isExpanded && task ? props.resultOf(row.batch, task) : undefined
          }
          trans={trans}
          onGoToCell={props.onGoToCell}
          onCopy={props.onCopy}
        />
      );
    }
  }
}

/** The tasks among some rows, a range for each batch. */
function taskRanges(
  rows: BatchTreeRows,
  { start, end }: IRowRange
): ITaskRange[] {
  const ranges: ITaskRange[] = [];
  for (let index = start; index < end; index++) {
    const row = rows.layout.row(index);
    if (row?.kind !== 'task') {
      continue;
    }
    const last = ranges.at(-1);
    if (last?.batch === row.batch && last.end === row.index) {
      ranges[ranges.length - 1] = { ...last, end: row.index + 1 };
    } else {
      ranges.push({ batch: row.batch, start: row.index, end: row.index + 1 });
    }
  }
  return ranges;
}
