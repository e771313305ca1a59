import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect, InputGroup } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import { formatCount } from '../model/format';

import type { IBatchTreeProps } from './batchTree';
import { BatchTree } from './batchTree';
import type { StateFilter } from './filter';
import { STATE_FILTERS } from './filter';

/** Properties of {@link BatchesBody}. */
export interface IBatchesBodyProps extends IBatchTreeProps {
  /** How many batches match but are not drawn. */
  readonly hiddenCount: number;
  /** How many batches there are in all. */
  readonly totalCount: number;
  /** Whether a batch has ended, so that there is something to clear. */
  readonly hasFinished: boolean;
  readonly filter: StateFilter;
  readonly query: string;
  readonly onFilter: (filter: StateFilter) => void;
  readonly onQuery: (query: string) => void;
  readonly onShowMore: () => void;
  readonly onResetFilter: () => void;
  readonly onClearFinished: () => void;
}

/** Search, filter and list of batches. */
export function BatchesBody(props: IBatchesBodyProps): ReactElement {
  const { batches, hiddenCount, totalCount, trans } = props;
  if (totalCount === 0) {
    return <EmptyState trans={trans} />;
  }
  return (
    <>
      <FilterRow {...props} />
      {batches.length > 0 ? <BatchTree {...props} /> : <NoMatch {...props} />}
      {hiddenCount > 0 && (
        <button
          type="button"
          className="jp-GlobusCompute-link jp-GlobusCompute-more"
          onClick={props.onShowMore}
        >
          {trans.__('Show more (%1 left)', formatCount(hiddenCount))}
        </button>
      )}
      <ClearFinished {...props} />
    </>
  );
}

function FilterRow(props: IBatchesBodyProps): ReactElement {
  const { filter, query, trans, onFilter, onQuery } = props;
  return (
    <div className="jp-GlobusCompute-filter" role="search">
      <InputGroup
        className="jp-GlobusCompute-search"
        type="search"
        value={query}
        placeholder={trans.__('Search batches')}
        aria-label={trans.__('Search batches')}
        onChange={event => {
          onQuery(event.currentTarget.value);
        }}
      />
      <HTMLSelect
        className="jp-GlobusCompute-stateFilter"
        value={filter}
        aria-label={trans.__('Show batches by state')}
        onChange={event => {
          onFilter(asFilter(event.currentTarget.value));
        }}
        options={STATE_FILTERS.map(value => ({
          value,
          label: describeFilter(value, trans)
        }))}
      />
    </div>
  );
}

function asFilter(value: string): StateFilter {
  return STATE_FILTERS.find(filter => filter === value) ?? 'all';
}

function describeFilter(filter: StateFilter, trans: TranslationBundle): string {
  switch (filter) {
    case 'all':
      return trans.__('All');
    case 'running':
      return trans.__('Running');
    case 'failed':
      return trans.__('Failed');
    case 'done':
      return trans.__('Done');
  }
}

function ClearFinished(props: IBatchesBodyProps): ReactElement | null {
  const { hasFinished, trans, onClearFinished } = props;
  return hasFinished ? (
    <button
      type="button"
      className="jp-GlobusCompute-link jp-GlobusCompute-more"
      title={trans.__(
        'Take batches that have ended off this list. Their cards stay in the notebooks.'
      )}
      onClick={onClearFinished}
    >
      {trans.__('Clear finished')}
    </button>
  ) : null;
}

function NoMatch({ trans, onResetFilter }: IBatchesBodyProps): ReactElement {
  return (
    <p className="jp-GlobusCompute-empty">
      {trans.__('No batch matches.')}{' '}
      <button
        type="button"
        className="jp-GlobusCompute-link"
        onClick={onResetFilter}
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
