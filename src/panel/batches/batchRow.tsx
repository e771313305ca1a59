import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { TaskPhase } from '../../model/format';
import {
  describeState,
  formatAge,
  formatCounts,
  formatFailure,
  formatTitle,
  isActive
} from '../../model/format';
import type { IBatch, IBatchCounts } from '../../tokens';

import type { BatchActionId, IBatchAction } from './batchActions';
import { StateIcon } from './stateIcon';

/** Properties of {@link BatchRow}. */
export interface IBatchRowProps {
  readonly batch: IBatch;
  /** Whether its tasks are listed. */
  readonly isExpanded: boolean;
  /** What can be done with it now. */
  readonly actions: readonly IBatchAction[];
  /** Seconds since the epoch, for ages. */
  readonly now: number;
  readonly trans: TranslationBundle;
  readonly onAction: (batch: IBatch, action: BatchActionId) => void;
  /** Show all that can be done, at a place in the window. */
  readonly onMenu: (batch: IBatch, x: number, y: number) => void;
}

/** A batch in the list; the heights of its lines are in `batchTreeRows.ts`. */
export function BatchRow(props: IBatchRowProps): ReactElement {
  const { batch, isExpanded, now, trans } = props;
  const title = formatTitle(batch.title, batch.counts.total);
  const meta = describePlace(batch);
  return (
    <div className="jp-GlobusCompute-row" data-batch={batch.id}>
      <StateIcon
        state={batch.state}
        label={describeState(batch.state, trans)}
      />
      <span className="jp-GlobusCompute-rowTitle" title={title}>
        {title}
      </span>
      <span className="jp-GlobusCompute-muted">
        {formatAge(now - batch.created, trans)}
      </span>
      <span
        className="jp-GlobusCompute-rowMeta"
        title={[batch.endpoint.name, batch.notebookPath]
          .filter(Boolean)
          .join('\n')}
      >
        {meta}
      </span>
      {isActive(batch.state) && (
        <ProgressMeter counts={batch.counts} trans={trans} />
      )}
      {isExpanded && <RowDetails {...props} />}
    </div>
  );
}

/**
 * A batch in one line, for a screen reader.
 *
 * @param batch - The batch.
 * @param trans - Words to use.
 */
export function describeBatch(batch: IBatch, trans: TranslationBundle): string {
  return [
    formatTitle(batch.title, batch.counts.total),
    describeState(batch.state, trans),
    describePlace(batch)
  ].join(', ');
}

/** What an open row says beyond its two lines, and its actions. */
function RowDetails(props: IBatchRowProps): ReactElement {
  const { batch, actions, trans, onAction, onMenu } = props;
  const { firstFailure, note } = batch;
  return (
    <>
      <span className="jp-GlobusCompute-rowLine">
        {formatCounts(batch.counts, trans)}
      </span>
      {note && (
        <span className="jp-GlobusCompute-rowLine" title={note}>
          {note}
        </span>
      )}
      {firstFailure && (
        <span
          className="jp-GlobusCompute-rowLine jp-GlobusCompute-rowFailure"
          title={formatFailure(firstFailure)}
        >
          {formatFailure(firstFailure)}
        </span>
      )}
      <span className="jp-GlobusCompute-rowActions">
        {actions
          .filter(({ isInline }) => isInline)
          .map(({ id, label }) => (
            <button
              key={id}
              type="button"
              className="jp-GlobusCompute-link"
              onClick={() => {
                onAction(batch, id);
              }}
            >
              {label}
            </button>
          ))}
        <button
          type="button"
          className="jp-GlobusCompute-link"
          aria-haspopup="menu"
          aria-label={trans.__('More actions for this batch')}
          title={trans.__('More actions for this batch')}
          onClick={event => {
            const { left, bottom } =
              event.currentTarget.getBoundingClientRect();
            onMenu(batch, left, bottom);
          }}
        >
          ⋯
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
