import type { TranslationBundle } from '@jupyterlab/translation';
import type { MouseEvent, ReactElement } from 'react';

import type { TaskPhase } from '../model/format';
import {
  describeState,
  formatAge,
  formatCounts,
  formatTitle,
  isActive
} from '../model/format';
import type { IBatch, IBatchCounts } from '../tokens';

import { StateIcon } from './stateIcon';
import { TaskRows } from './taskRows';

/** Properties of {@link BatchRow}. */
export interface IBatchRowProps {
  readonly batch: IBatch;
  /** Whether its tasks are listed. */
  readonly isExpanded: boolean;
  /** Whether Tab leads here: exactly one item of the tree has that. */
  readonly isTabStop: boolean;
  /** Key of the tree item that the keyboard is on. */
  readonly activeKey: string | undefined;
  /** Seconds since the epoch, for ages. */
  readonly now: number;
  readonly trans: TranslationBundle;
  readonly onToggle: (id: string) => void;
  /** Show the cell, and its line, counted from 1, if given. */
  readonly onGoToCell: (batch: IBatch, line?: number) => void;
}

/** A batch as the first level of the tree. */
export function BatchRow(props: IBatchRowProps): ReactElement {
  const { batch, isExpanded, activeKey, now, trans } = props;
  const title = formatTitle(batch.title, batch.counts.total);
  const state = describeState(batch.state, trans);
  const meta = describePlace(batch);
  return (
    <li
      className="jp-GlobusCompute-batch"
      role="treeitem"
      aria-level={1}
      aria-label={`${title}, ${state}, ${meta}`}
      aria-expanded={isExpanded}
      aria-selected={activeKey === batch.id}
      tabIndex={props.isTabStop ? 0 : -1}
      data-key={batch.id}
      data-batch={batch.id}
    >
      <div
        className="jp-GlobusCompute-row"
        onClick={() => {
          props.onToggle(batch.id);
        }}
      >
        <StateIcon state={batch.state} label={state} />
        <span className="jp-GlobusCompute-rowTitle" title={title}>
          {title}
        </span>
        <span className="jp-GlobusCompute-muted">
          {formatAge(now - batch.created, trans)}
        </span>
        <span className="jp-GlobusCompute-rowMeta" title={meta}>
          {meta}
        </span>
        {isActive(batch.state) && (
          <ProgressMeter counts={batch.counts} trans={trans} />
        )}
        {isExpanded && <RowDetails {...props} />}
      </div>
      {isExpanded && batch.tasks.length > 0 && (
        <TaskRows batch={batch} activeKey={activeKey} trans={trans} />
      )}
    </li>
  );
}

/** What an open row says beyond its two lines, and its actions. */
function RowDetails(props: IBatchRowProps): ReactElement {
  const { batch, trans, onGoToCell } = props;
  const goToCell = (event: MouseEvent): void => {
    // The row below would take the click for its own and close.
    event.stopPropagation();
    onGoToCell(batch);
  };
  return (
    <>
      <span className="jp-GlobusCompute-rowMeta">
        {formatCounts(batch.counts, trans)}
      </span>
      {batch.note && (
        <span className="jp-GlobusCompute-rowNote">{batch.note}</span>
      )}
      <span className="jp-GlobusCompute-rowActions">
        <button
          type="button"
          className="jp-GlobusCompute-link"
          onClick={goToCell}
        >
          {trans.__('Go to cell')}
        </button>
      </span>
    </>
  );
}

interface IProgressMeterProps {
  readonly counts: IBatchCounts;
  readonly trans: TranslationBundle;
}

function ProgressMeter({ counts, trans }: IProgressMeterProps): ReactElement {
  const phases: TaskPhase[] = ['done', 'failed', 'running', 'waiting'];
  const label = formatCounts(counts, trans);
  return (
    <span
      className="jp-GlobusCompute-meter"
      role="img"
      aria-label={label}
      title={label}
    >
      {phases.map(phase => (
        <span
          key={phase}
          data-phase={phase}
          style={{ flexGrow: counts[phase] }}
        />
      ))}
    </span>
  );
}

/** Where a batch runs and comes from, and what went wrong, in one line. */
function describePlace(batch: IBatch): string {
  const notebook = batch.notebookPath.split('/').pop() ?? '';
  return [batch.endpoint.name, notebook, batch.firstFailure?.type]
    .filter(Boolean)
    .join(' · ');
}
