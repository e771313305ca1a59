import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import { formatCount } from '../../model/format';

import type { IBatchTreeProps } from './batchTree';
import { BatchTree } from './batchTree';
import type { IForgotten } from './batchesModel';
import type { IFilterRowProps } from './filterRow';
import { FilterRow } from './filterRow';
import type { IFollowTasksProps } from './followTasks';
import { FollowTasks } from './followTasks';

/** Properties of {@link BatchesBody}. */
export interface IBatchesBodyProps extends IBatchTreeProps, IFilterRowProps {
  /** How many batches there are in all. */
  readonly totalCount: number;
  /** Whether a batch has ended, so that there is something to clear. */
  readonly hasFinished: boolean;
  /** Whether there are older batches that were not read yet. */
  readonly hasMore: boolean;
  /** Why the batches could not be read, in words; `null` if they could. */
  readonly problem: string | null;
  /** What was forgotten last and can be brought back. */
  readonly forgotten: IForgotten | null;
  /** Whether to ask for tasks from elsewhere. */
  readonly asksForTasks: boolean;
  readonly services: IFollowTasksProps['services'];
  readonly onShowMore: () => void;
  readonly onShowAll: () => void;
  readonly onRefresh: () => void;
  readonly onClearFinished: () => void;
  readonly onAskForTasks: (asks: boolean) => void;
  readonly onFollow: IFollowTasksProps['onFollow'];
  readonly onUndo: () => void;
  readonly onDismiss: () => void;
}

/** Search, filter and list of batches. */
export function BatchesBody(props: IBatchesBodyProps): ReactElement {
  const { rows, totalCount } = props;
  return (
    <>
      <Problem {...props} />
      {totalCount === 0 ? (
        <EmptyState trans={props.trans} />
      ) : (
        <>
          <FilterRow {...props} />
          {rows.layout.length > 0 ? (
            <BatchTree {...props} />
          ) : (
            <NoMatch {...props} />
          )}
        </>
      )}
      <Forgotten {...props} />
      <Footer {...props} />
    </>
  );
}

function Problem(props: IBatchesBodyProps): ReactElement | null {
  const { problem, trans, onRefresh } = props;
  return problem === null ? null : (
    <div className="jp-GlobusCompute-failure" role="alert">
      {problem}{' '}
      <button
        type="button"
        className="jp-GlobusCompute-link"
        onClick={onRefresh}
      >
        {trans.__('Try again')}
      </button>
    </div>
  );
}

function Footer(props: IBatchesBodyProps): ReactElement {
  const { hasFinished, hasMore, asksForTasks, trans } = props;
  return asksForTasks ? (
    <div className="jp-GlobusCompute-footer">
      <FollowTasks
        services={props.services}
        trans={trans}
        onFollow={props.onFollow}
        onClose={() => {
          props.onAskForTasks(false);
        }}
      />
    </div>
  ) : (
    <div className="jp-GlobusCompute-footer">
      {hasMore && (
        <button
          type="button"
          className="jp-GlobusCompute-link"
          onClick={props.onShowMore}
        >
          {trans.__('Show older batches')}
        </button>
      )}
      {hasFinished && (
        <button
          type="button"
          className="jp-GlobusCompute-link"
          title={trans.__(
            'Take batches that have ended off this list. Their cards stay in the notebooks.'
          )}
          onClick={props.onClearFinished}
        >
          {trans.__('Clear finished')}
        </button>
      )}
      <button
        type="button"
        className="jp-GlobusCompute-link"
        title={trans.__('Follow tasks that were submitted elsewhere')}
        onClick={() => {
          props.onAskForTasks(true);
        }}
      >
        {trans.__('Follow tasks…')}
      </button>
    </div>
  );
}

/** Always in the page, so that a screen reader hears what it comes to say. */
function Forgotten(props: IBatchesBodyProps): ReactElement {
  const { forgotten, trans, onUndo, onDismiss } = props;
  return (
    <div role="status">
      {forgotten && (
        <div className="jp-GlobusCompute-forgotten">
          <span>{describeForgotten(forgotten, trans)}</span>
          <button
            type="button"
            className="jp-GlobusCompute-link"
            onClick={onUndo}
          >
            {trans.__('Undo')}
          </button>
          <button
            type="button"
            className="jp-GlobusCompute-link"
            aria-label={trans.__('Dismiss')}
            title={trans.__('Dismiss')}
            onClick={onDismiss}
          >
            ×
          </button>
        </div>
      )}
    </div>
  );
}

function describeForgotten(
  { ids, title }: IForgotten,
  trans: TranslationBundle
): string {
  return title === null
    ? trans._n(
        'Forgot %2 batch.',
        'Forgot %2 batches.',
        ids.length,
        formatCount(ids.length)
      )
    : trans.__('Forgot %1.', title);
}

function NoMatch({ trans, onShowAll }: IBatchesBodyProps): ReactElement {
  return (
    <p className="jp-GlobusCompute-empty">
      {trans.__('No batch matches.')}{' '}
      <button
        type="button"
        className="jp-GlobusCompute-link"
        onClick={onShowAll}
      >
        {trans.__('Show all')}
      </button>
    </p>
  );
}

interface IEmptyStateProps {
  readonly trans: TranslationBundle;
}

function EmptyState({ trans }: IEmptyStateProps): ReactElement {
  return (
    <p className="jp-GlobusCompute-empty">
      {trans.__('No batches yet.')}
      <br />
      {trans.__('Put %1 above a cell and run it.', '%%compute')}
    </p>
  );
}
