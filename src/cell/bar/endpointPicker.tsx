import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

import type { IEndpointInfo } from '../../tokens';
import { filterEndpoints } from './endpointFilter';

/** Properties of {@link EndpointPicker}. */
export interface IEndpointPickerProps {
  readonly endpoints: readonly IEndpointInfo[];
  /** Id of the endpoint that is chosen now. */
  readonly chosen: string | undefined;
  /** Why there may be no endpoints, in words for a person. */
  readonly problem: string | null;
  readonly trans: TranslationBundle;
  /** Called with `null` when the person wants none of them. */
  readonly onChoose: (endpoint: IEndpointInfo | null) => void;
}

/**
 * A list of endpoints with a search: a combobox whose list is always open.
 * Typing filters, the arrows go through the list, Enter takes, Escape leaves.
 */
export function EndpointPicker(props: IEndpointPickerProps): React.JSX.Element {
  const { endpoints, chosen, problem, trans, onChoose } = props;
  const [search, setSearch] = React.useState('');
  const listId = React.useId();
  const found = filterEndpoints(endpoints, search);
  const [active, setActive] = React.useState<string | undefined>(chosen);
  const at = Math.max(
    0,
    found.findIndex(({ id }) => id === active)
  );
  const optionId = (id: string): string => `${listId}-${id}`;

  const move = (to: number): void => {
    if (found.length > 0) {
      setActive(found[(to + found.length) % found.length].id);
    }
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const actions: Record<string, () => void> = {
      ArrowDown: () => move(at + 1),
      ArrowUp: () => move(at - 1),
      Enter: () => {
        if (found.length > 0) {
          onChoose(found[at]);
        }
      },
      Escape: () => onChoose(null),
      Tab: () => onChoose(null)
    };
    // The notebook below has meanings of its own for keys.
    event.stopPropagation();
    if (event.key in actions) {
      event.preventDefault();
      actions[event.key]();
    }
  };

  return (
    <>
      <input
        className="jp-GlobusCompute-pickerSearch"
        type="text"
        role="combobox"
        aria-label={trans.__('Search endpoints')}
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={listId}
        aria-activedescendant={
          found.length > 0 ? optionId(found[at].id) : undefined
        }
        placeholder={trans.__('Search endpoints')}
        spellCheck={false}
        autoComplete="off"
        autoFocus
        value={search}
        onChange={event => {
          setSearch(event.target.value);
          setActive(undefined);
        }}
        onKeyDown={onKeyDown}
      />
      <ul
        id={listId}
        className="jp-GlobusCompute-pickerList"
        role="listbox"
        aria-label={trans.__('Endpoints')}
      >
        {found.map((endpoint, index) => (
          <EndpointOption
            key={endpoint.id}
            id={optionId(endpoint.id)}
            endpoint={endpoint}
            isChosen={endpoint.id === chosen}
            isActive={index === at}
            trans={trans}
            onChoose={onChoose}
          />
        ))}
      </ul>
      {found.length === 0 ? (
        <p className="jp-GlobusCompute-pickerNone" role="status">
          {endpoints.length > 0
            ? trans.__('No endpoint is called so.')
            : (problem ?? trans.__('Looking for endpoints…'))}
        </p>
      ) : null}
    </>
  );
}

interface IEndpointOptionProps {
  readonly id: string;
  readonly endpoint: IEndpointInfo;
  readonly isChosen: boolean;
  readonly isActive: boolean;
  readonly trans: TranslationBundle;
  readonly onChoose: (endpoint: IEndpointInfo) => void;
}

function EndpointOption(props: IEndpointOptionProps): React.JSX.Element {
  const { id, endpoint, isChosen, isActive, trans, onChoose } = props;
  const node = React.useRef<HTMLLIElement>(null);
  React.useEffect(() => {
    if (isActive) {
      node.current?.scrollIntoView({ block: 'nearest' });
    }
  }, [isActive]);
  return (
    <li
      ref={node}
      id={id}
      className="jp-GlobusCompute-pickerOption"
      role="option"
      aria-selected={isChosen}
      data-active={isActive}
      // The search keeps the focus.
      onMouseDown={event => event.preventDefault()}
      onClick={() => onChoose(endpoint)}
    >
      <StatusDot status={endpoint.status} />
      <span className="jp-GlobusCompute-pickerName">{endpoint.name}</span>
      <span className="jp-GlobusCompute-muted">
        {describeEndpoint(endpoint, trans)}
      </span>
    </li>
  );
}

/** The dot of a status: full, hollow or broken; words stand beside it. */
export function StatusDot({
  status
}: Pick<IEndpointInfo, 'status'>): React.JSX.Element {
  return (
    <span
      className="jp-GlobusCompute-dot"
      data-status={status}
      aria-hidden="true"
    />
  );
}

/** The status of an endpoint in words. */
export function describeStatus(
  status: IEndpointInfo['status'],
  trans: TranslationBundle
): string {
  switch (status) {
    case 'online':
      return trans.__('online');
    case 'offline':
      return trans.__('offline');
    case 'unknown':
      return trans.__('status unknown');
  }
}

/** What is known of an endpoint in one line: `online · Python 3.11`. */
export function describeEndpoint(
  endpoint: IEndpointInfo,
  trans: TranslationBundle
): string {
  const { status, pythonVersion, workers } = endpoint;
  return [
    describeStatus(status, trans),
    endpoint.isTutorial && trans.__('tutorial endpoint'),
    endpoint.isOwned && trans.__('yours'),
    endpoint.isMultiUser && trans.__('multi-user'),
    pythonVersion && trans.__('Python %1', pythonVersion),
    workers !== undefined && trans._n('1 worker', '%1 workers', workers)
  ]
    .filter(Boolean)
    .join(' · ');
}
