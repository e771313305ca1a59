import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { memo } from 'react';

import type { TaskPhase } from '../model/format';
import { describeCounts, formatCounts, phaseOf } from '../model/format';
import type { IBatchCounts, IBatchSnapshot, ITaskSnapshot } from '../tokens';

/** Past this number of tasks squares say less than counts. */
const MAX_SQUARES = 1000;

/** Properties of {@link TaskProgress}. */
export interface ITaskProgressProps {
  readonly snapshot: IBatchSnapshot;
  readonly trans: TranslationBundle;
}

/**
 * How far a batch is: one square per task and the counts; past 1,000 tasks
 * one bar and the counts.
 */
export function TaskProgress(props: ITaskProgressProps): ReactElement {
  const { snapshot, trans } = props;
  const { counts, tasks } = snapshot;
  const hasSquares =
    counts.total <= MAX_SQUARES && tasks.length === counts.total;
  const label = formatCounts(counts, trans);
  return (
    <div className="jp-GlobusCompute-progress">
      {hasSquares ? (
        <div className="jp-GlobusCompute-grid" role="img" aria-label={label}>
          {tasks.map(task => (
            <Square
              key={task.index}
              phase={phaseOf(task.state)}
              title={squareTitle(task)}
            />
          ))}
        </div>
      ) : (
        <ProgressMeter counts={counts} label={label} />
      )}
      <Legend counts={counts} trans={trans} />
    </div>
  );
}

interface ISquareProps {
  readonly phase: TaskPhase;
  readonly title: string;
}

// Of a thousand squares few change between two frames.
const Square = memo(({ phase, title }: ISquareProps) => {
  return (
    <span
      className="jp-GlobusCompute-square"
      data-phase={phase}
      title={title}
    />
  );
});

function squareTitle(task: ITaskSnapshot): string {
  return `#${task.index} ${task.label}`;
}

interface IProgressMeterProps {
  readonly counts: IBatchCounts;
  readonly label: string;
}

function ProgressMeter({ counts, label }: IProgressMeterProps): ReactElement {
  const phases: TaskPhase[] = ['done', 'failed', 'running', 'waiting'];
  return (
    <div className="jp-GlobusCompute-meter" role="img" aria-label={label}>
      {phases.map(phase => (
        <span
          key={phase}
          data-phase={phase}
          style={{ flexGrow: counts[phase] }}
        />
      ))}
    </div>
  );
}

interface ILegendProps {
  readonly counts: IBatchCounts;
  readonly trans: TranslationBundle;
}

function Legend({ counts, trans }: ILegendProps): ReactElement {
  return (
    <ul className="jp-GlobusCompute-legend">
      {describeCounts(counts, trans).map(({ phase, text }) => (
        <li key={phase} data-phase={phase}>
          <span className="jp-GlobusCompute-square" data-phase={phase} />
          {text}
        </li>
      ))}
    </ul>
  );
}
