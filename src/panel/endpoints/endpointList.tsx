import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import { formatCount } from '../../model/format';
import type { IEndpointInfo, IServiceInfo, IUnseenService } from '../../tokens';

import { AddEndpoint } from './addEndpoint';
import type { IEndpointDeeds } from './endpointRow';
import { EndpointRow } from './endpointRow';

/** Properties of {@link EndpointList}. */
export interface IEndpointListProps extends IEndpointDeeds {
  readonly endpoints: readonly IEndpointInfo[];
  /** The services whose endpoints are seen after signing in. */
  readonly unseen: readonly IUnseenService[];
  /** The endpoints that are not offered. */
  readonly hidden: readonly IEndpointInfo[];
  /** Whether those are listed too. */
  readonly showsHidden: boolean;
  /** The services that endpoints can be added from. */
  readonly services: readonly IServiceInfo[];
  /** Ids of the endpoints of which more is shown. */
  readonly expanded: ReadonlySet<string>;
  /** Id of the endpoint where a cell without `-e` runs. */
  readonly defaultId: string | undefined;
  /** Whether there is a notebook that one could be the default of. */
  readonly hasNotebook: boolean;
  /** Why the last reading failed, in words; `null` if it did not. */
  readonly problem: string | null;
  readonly isRefreshing: boolean;
  readonly trans: TranslationBundle;
  readonly onRefresh: () => void;
  /** Called while the press of a button is handled. */
  readonly onSignIn: (service: string) => void;
  readonly onShowHidden: (showsHidden: boolean) => void;
  /** Add one; rejects, in words for a person, where the service has none. */
  readonly onAdd: (id: string, service: string) => Promise<void>;
}

/** The endpoints that can be chosen, and how they are. */
export function EndpointList(props: IEndpointListProps): ReactElement {
  const { endpoints, hidden, showsHidden, problem, isRefreshing, trans } =
    props;
  const isEmpty = endpoints.length === 0 && problem === null;
  return (
    <>
      {problem !== null && <Problem {...props} problem={problem} />}
      {isEmpty && (
        <p className="jp-GlobusCompute-empty">
          {isRefreshing
            ? trans.__('Looking for endpoints…')
            : trans.__('No endpoints found. Refresh to look again.')}
        </p>
      )}
      {endpoints.length + hidden.length > 0 && (
        <ul
          className="jp-GlobusCompute-list"
          aria-label={trans.__('Endpoints')}
        >
          {[...endpoints, ...(showsHidden ? hidden : [])].map(endpoint => (
            <EndpointRow
              key={`${endpoint.service} ${endpoint.id}`}
              {...props}
              endpoint={endpoint}
              isDefault={endpoint.id === props.defaultId}
              isHidden={hidden.includes(endpoint)}
              isExpanded={props.expanded.has(endpoint.id)}
            />
          ))}
        </ul>
      )}
      {props.unseen.map(({ service, label }) => (
        <p key={service} className="jp-GlobusCompute-empty">
          {trans.__('Endpoints of %1 are seen after signing in.', label)}{' '}
          <button
            type="button"
            className="jp-GlobusCompute-link"
            onClick={() => {
              props.onSignIn(service);
            }}
          >
            {trans.__('Sign in')}
          </button>
        </p>
      ))}
      <div className="jp-GlobusCompute-footer">
        {hidden.length > 0 && <HiddenToggle {...props} />}
        <AddEndpoint
          services={props.services}
          trans={trans}
          onAdd={props.onAdd}
        />
      </div>
    </>
  );
}

function HiddenToggle(props: IEndpointListProps): ReactElement {
  const { hidden, showsHidden, trans, onShowHidden } = props;
  return (
    <button
      type="button"
      className="jp-GlobusCompute-link"
      aria-pressed={showsHidden}
      onClick={() => {
        onShowHidden(!showsHidden);
      }}
    >
      {showsHidden
        ? trans.__('Leave out hidden ones')
        : trans.__('Show hidden ones (%1)', formatCount(hidden.length))}
    </button>
  );
}

interface IProblemProps extends IEndpointListProps {
  readonly problem: string;
}

function Problem(props: IProblemProps): ReactElement {
  const { problem, isRefreshing, trans, onRefresh } = props;
  return (
    <div className="jp-GlobusCompute-failure" role="alert">
      {problem}{' '}
      <button
        type="button"
        className="jp-GlobusCompute-link"
        disabled={isRefreshing}
        onClick={onRefresh}
      >
        {isRefreshing ? trans.__('Trying…') : trans.__('Try again')}
      </button>
    </div>
  );
}
