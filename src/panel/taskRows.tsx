import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useState } from 'react';

import {
  describePhase,
  formatCount,
  formatFailure,
  formatTaskTime,
  phaseOf
} from '../model/format';
import type { IBatch, ITaskSnapshot } from '../tokens';

import { StateIcon } from './stateIcon';
import { taskKey } from './treeKeys';

/** Tasks added each time one asks for more. */
const PAGE_LENGTH = 100;

/** Properties of {@link TaskRows}. */
export interface ITaskRowsProps {
  readonly batch: IBatch;
  /** Key of the tree item that the keyboard is on. */
  readonly activeKey: string | undefined;
  readonly trans: TranslationBundle;
}

/** The tasks of a batch as the second level of the tree. */
export function TaskRows(props: ITaskRowsProps): ReactElement {
  const { batch, activeKey, trans } = props;
  const [limit, setLimit] = useState(PAGE_LENGTH);
  const moreKey = taskKey(batch.id, 'more');
  const hidden = Math.max(0, batch.tasks.length - limit);
  return (
    <ul
      className="jp-GlobusCompute-tasks"
      role="group"
      aria-label={trans.__('Tasks of the batch')}
    >
      {batch.tasks.slice(0, limit).map(task => (
        <TaskRow key={task.index} {...props} task={task} />
      ))}
      {hidden > 0 && (
        <li
          className="jp-GlobusCompute-link"
          role="treeitem"
          aria-level={2}
          tabIndex={activeKey === moreKey ? 0 : -1}
          data-key={moreKey}
          data-presses=""
          onClick={() => {
            setLimit(limit + PAGE_LENGTH);
          }}
        >
          {trans.__('Show more (%1 left)', formatCount(hidden))}
        </li>
      )}
    </ul>
  );
}

interface ITaskRowProps extends ITaskRowsProps {
  readonly task: ITaskSnapshot;
}

function TaskRow(props: ITaskRowProps): ReactElement {
  const { batch, task, activeKey, trans } = props;
  const phase = phaseOf(task.state);
  const key = taskKey(batch.id, task.index);
  return (
    <li
      className="jp-GlobusCompute-task"
      role="treeitem"
      aria-level={2}
      aria-selected={activeKey === key}
      tabIndex={activeKey === key ? 0 : -1}
      data-key={key}
      data-batch={batch.id}
      data-line={task.line}
      title={task.failure ? formatFailure(task.failure) : task.label}
    >
      <StateIcon state={phase} label={describePhase(phase, trans)} />
      <span className="jp-GlobusCompute-muted">#{task.index}</span>
      <code>
        {task.label}
        {task.failure && ` · ${task.failure.type}`}
      </code>
      <span className="jp-GlobusCompute-muted">
        {formatTaskTime(task, trans)}
      </span>
    </li>
  );
}
