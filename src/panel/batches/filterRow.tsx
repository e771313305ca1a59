import type { TranslationBundle } from '@jupyterlab/translation';
import {
  filterDotIcon,
  filterIcon,
  HTMLSelect,
  InputGroup
} from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';
import { useState } from 'react';

import type { IEndpointRef } from '../../tokens';

import type { IBatchFilter, StateFilter } from './filter';
import { STATE_FILTERS } from './filter';
import type { Grouping } from './grouping';
import { GROUPINGS } from './grouping';

/** Properties of {@link FilterRow}. */
export interface IFilterRowProps {
  readonly filter: IBatchFilter;
  readonly grouping: Grouping;
  /** The endpoints that can be chosen from. */
  readonly endpoints: readonly IEndpointRef[];
  readonly trans: TranslationBundle;
  readonly onFilter: (filter: IBatchFilter) => void;
  readonly onGrouping: (grouping: Grouping) => void;
}

/** Search and filters of the list of batches. */
export function FilterRow(props: IFilterRowProps): ReactElement {
  const { filter, grouping, trans, onFilter } = props;
  const [isOpen, setIsOpen] = useState(false);
  const hasMore = filter.endpoint !== '' || grouping !== 'none';
  const Icon = hasMore ? filterDotIcon : filterIcon;
  const label = trans.__('Filter by endpoint, and group');
  return (
    <div role="search">
      <div className="jp-GlobusCompute-filter">
        <InputGroup
          className="jp-GlobusCompute-search"
          type="search"
          value={filter.query}
          placeholder={trans.__('Search batches')}
          aria-label={trans.__('Search batches')}
          onChange={event => {
            onFilter({ ...filter, query: event.currentTarget.value });
          }}
        />
        <HTMLSelect
          className="jp-GlobusCompute-select"
          value={filter.state}
          aria-label={trans.__('Show batches by state')}
          onChange={event => {
            onFilter({ ...filter, state: asFilter(event.currentTarget.value) });
          }}
          options={STATE_FILTERS.map(value => ({
            value,
            label: describeFilter(value, trans)
          }))}
        />
        <button
          type="button"
          className="jp-GlobusCompute-iconButton"
          aria-label={label}
          title={label}
          aria-expanded={isOpen}
          onClick={() => {
            setIsOpen(!isOpen);
          }}
        >
          <Icon.react tag="span" width="16px" height="16px" />
        </button>
      </div>
      {isOpen && <MoreFilters {...props} />}
    </div>
  );
}

function MoreFilters(props: IFilterRowProps): ReactElement {
  const { filter, grouping, endpoints, trans, onFilter, onGrouping } = props;
  return (
    <div className="jp-GlobusCompute-filter">
      <HTMLSelect
        className="jp-GlobusCompute-select"
        value={filter.endpoint}
        aria-label={trans.__('Show batches by endpoint')}
        onChange={event => {
          onFilter({ ...filter, endpoint: event.currentTarget.value });
        }}
        options={[
          { value: '', label: trans.__('All endpoints') },
          ...endpoints.map(({ id, name }) => ({ value: id, label: name }))
        ]}
      />
      <HTMLSelect
        className="jp-GlobusCompute-select"
        value={grouping}
        aria-label={trans.__('Group batches')}
        onChange={event => {
          onGrouping(asGrouping(event.currentTarget.value));
        }}
        options={GROUPINGS.map(value => ({
          value,
          label: describeGrouping(value, trans)
        }))}
      />
    </div>
  );
}

/**
 * The grouping of that name; none if there is none.
 *
 * @param value - From a menu or a setting.
 */
export function asGrouping(value: unknown): Grouping {
  return GROUPINGS.find(grouping => grouping === value) ?? 'none';
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

function describeGrouping(
  grouping: Grouping,
  trans: TranslationBundle
): string {
  switch (grouping) {
    case 'none':
      return trans.__('No groups');
    case 'notebook':
      return trans.__('By notebook');
    case 'endpoint':
      return trans.__('By endpoint');
    case 'state':
      return trans.__('By state');
  }
}
