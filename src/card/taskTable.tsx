import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useState } from 'react';

import {
  describePhase,
  formatCount,
  formatTaskTime,
  phaseOf
} from '../model/format';
import type { IBatchSnapshot, ITaskSnapshot } from '../tokens';

import { StateIcon } from './stateIcon';

/** Tasks added each time one asks for more. */
const PAGE_LENGTH = 100;

/** Properties of {@link TaskTable}. */
export interface ITaskTableProps {
  readonly snapshot: IBatchSnapshot;
  readonly trans: TranslationBundle;
}

/** The tasks of a batch, one line each. */
export function TaskTable({ snapshot, trans }: ITaskTableProps): ReactElement {
  const { counts, tasks } = snapshot;
  const [limit, setLimit] = useState(PAGE_LENGTH);
  const hidden = Math.max(0, tasks.length - limit);
  const unlisted = Math.max(0, counts.total - tasks.length);
  return (
    <>
      <ul
        className="jp-GlobusCompute-tasks"
        aria-label={trans.__('Tasks of the batch')}
      >
        {tasks.slice(0, limit).map(task => (
          <TaskLine key={task.index} task={task} trans={trans} />
        ))}
      </ul>
      {hidden > 0 && (
        <button
          type="button"
          className="jp-GlobusCompute-link"
          onClick={() => {
            setLimit(limit + PAGE_LENGTH);
          }}
        >
          {trans.__('Show more (%1 left)', formatCount(hidden))}
        </button>
      )}
      {hidden === 0 && unlisted > 0 && (
        <p className="jp-GlobusCompute-muted">
          {trans.__(
            '%1 more tasks are not listed here.',
            formatCount(unlisted)
          )}
        </p>
      )}
    </>
  );
}

interface ITaskLineProps {
  readonly task: ITaskSnapshot;
  readonly trans: TranslationBundle;
}

function TaskLine({ task, trans }: ITaskLineProps): ReactElement {
  const phase = phaseOf(task.state);
  return (
    <li className="jp-GlobusCompute-task" title={task.id}>
      <StateIcon state={phase} label={describePhase(phase, trans)} />
      <span className="jp-GlobusCompute-muted">#{task.index}</span>
      <code>{task.label}</code>
      <span className="jp-GlobusCompute-muted">
        {task.attempts !== undefined && task.attempts > 1
          ? `${trans.__('attempt %1', task.attempts)} · `
          : ''}
        {formatTaskTime(task, trans)}
      </span>
    </li>
  );
}
