import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import {
  describePhase,
  formatDuration,
  formatFailure,
  formatTaskTime,
  phaseOf
} from '../../model/format';
import type { IBatch, ITaskSnapshot } from '../../tokens';

import { StateIcon } from './stateIcon';

/** Properties of {@link TaskRow}. */
export interface ITaskRowProps {
  readonly batch: IBatch;
  /** Index of the task within the batch. */
  readonly index: number;
  /** The task; `undefined` until it was read. */
  readonly task: ITaskSnapshot | undefined;
  /** Whether more of it is shown. */
  readonly isExpanded: boolean;
  /** What it returned, as text; `undefined` where that is not known. */
  readonly value: string | undefined;
  readonly trans: TranslationBundle;
  /** Show the cell, and its line, counted from 1, if given. */
  readonly onGoToCell: (batch: IBatch, line?: number) => void;
  readonly onCopy: (text: string) => void;
}

/** A task in the list; its heights are in `batchTreeRows.ts`. */
export function TaskRow(props: ITaskRowProps): ReactElement {
  const { index, task, isExpanded, trans } = props;
  if (!task) {
    return (
      <div className="jp-GlobusCompute-task" aria-busy="true">
        <span />
        <span className="jp-GlobusCompute-muted">#{index}</span>
        <span className="jp-GlobusCompute-muted">…</span>
      </div>
    );
  }
  const phase = phaseOf(task.state);
  return (
    <>
      <div
        className="jp-GlobusCompute-task"
        title={task.failure ? formatFailure(task.failure) : task.label}
      >
        <StateIcon state={phase} label={describePhase(phase, trans)} />
        <span className="jp-GlobusCompute-muted">#{index}</span>
        <code>
          {task.label}
          {task.failure && ` · ${task.failure.type}`}
        </code>
        <span className="jp-GlobusCompute-muted">
          {formatTaskTime(task, trans)}
        </span>
      </div>
      {isExpanded && <TaskDetails {...props} task={task} />}
    </>
  );
}

/**
 * A task in one line, for a screen reader.
 *
 * @param index - Index of the task within its batch.
 * @param task - The task; `undefined` until it was read.
 * @param trans - Words to use.
 */
export function describeTask(
  index: number,
  task: ITaskSnapshot | undefined,
  trans: TranslationBundle
): string {
  return [
    `#${index}`,
    task?.label,
    task && describePhase(phaseOf(task.state), trans),
    task?.failure?.type
  ]
    .filter(Boolean)
    .join(', ');
}

interface ITaskDetailsProps extends ITaskRowProps {
  readonly task: ITaskSnapshot;
}

function TaskDetails(props: ITaskDetailsProps): ReactElement {
  const { batch, task, value, trans, onGoToCell, onCopy } = props;
  const { failure, id, line } = task;
  const outcome = failure ? formatFailure(failure) : value;
  return (
    <div className="jp-GlobusCompute-taskDetails">
      <div className="jp-GlobusCompute-taskTimes">
        {describeTimes(task, trans)}
      </div>
      {outcome !== undefined && (
        <code
          className="jp-GlobusCompute-taskOutcome"
          data-failed={failure !== undefined}
          title={outcome}
        >
          {outcome}
        </code>
      )}
      <div className="jp-GlobusCompute-rowActions">
        {line !== undefined && (
          <button
            type="button"
            className="jp-GlobusCompute-link"
            onClick={() => {
              onGoToCell(batch, line);
            }}
          >
            {trans.__('Go to line %1', line)}
          </button>
        )}
        {id !== undefined && (
          <button
            type="button"
            className="jp-GlobusCompute-link"
            title={id}
            onClick={() => {
              onCopy(id);
            }}
          >
            {trans.__('Copy id')}
          </button>
        )}
      </div>
    </div>
  );
}

/** `waited 0.05 s · ran 3.1 s · 14:03:21`, as far as it is known. */
function describeTimes(task: ITaskSnapshot, trans: TranslationBundle): string {
  const { submitted, started, ended } = task;
  return [
    submitted !== undefined &&
      started !== undefined &&
      trans.__('waited %1', formatDuration(started - submitted, trans)),
    started !== undefined &&
      ended !== undefined &&
      trans.__('ran %1', formatDuration(ended - started, trans)),
    ended !== undefined
      ? trans.__('ended %1', formatClock(ended))
      : submitted !== undefined && trans.__('sent %1', formatClock(submitted))
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Date and time as the browser's language writes them. */
function formatClock(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString(undefined, {
    dateStyle: 'short',
    timeStyle: 'medium'
  });
}
