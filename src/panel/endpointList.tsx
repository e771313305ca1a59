import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import { formatCount } from '../model/format';
import type { IEndpointInfo } from '../tokens';

/** Properties of {@link EndpointList}. */
export interface IEndpointListProps {
  readonly endpoints: readonly IEndpointInfo[];
  /** Id of the endpoint where a cell without `-e` runs. */
  readonly defaultId: string | undefined;
  /** Why the last reading failed, in words; `null` if it did not. */
  readonly problem: string | null;
  readonly isRefreshing: boolean;
  readonly trans: TranslationBundle;
  readonly onRefresh: () => void;
}

/** The endpoints that can be chosen, and how they are. */
export function EndpointList(props: IEndpointListProps): ReactElement {
  const { endpoints, defaultId, problem, isRefreshing, trans } = props;
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
      {endpoints.length > 0 && (
        <ul
          className="jp-GlobusCompute-list"
          aria-label={trans.__('Endpoints')}
        >
          {endpoints.map(endpoint => (
            <EndpointRow
              key={`${endpoint.service} ${endpoint.id}`}
              endpoint={endpoint}
              isDefault={endpoint.id === defaultId}
              trans={trans}
            />
          ))}
        </ul>
      )}
    </>
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

interface IEndpointRowProps {
  readonly endpoint: IEndpointInfo;
  readonly isDefault: boolean;
  readonly trans: TranslationBundle;
}

function EndpointRow(props: IEndpointRowProps): ReactElement {
  const { endpoint, isDefault, trans } = props;
  const { name, pythonVersion, status, workers } = endpoint;
  const meta = [
    describeStatus(status, trans),
    pythonVersion && trans.__('Python %1', pythonVersion),
    isDefault && trans.__('default')
  ];
  return (
    <li className="jp-GlobusCompute-row" title={endpoint.id}>
      <span
        className="jp-GlobusCompute-dot"
        data-status={status}
        aria-hidden="true"
      />
      <span className="jp-GlobusCompute-rowTitle">{name}</span>
      <span className="jp-GlobusCompute-muted">
        {workers !== undefined && describeWorkers(workers, trans)}
      </span>
      <span className="jp-GlobusCompute-rowMeta">
        {meta.filter(Boolean).join(' · ')}
      </span>
    </li>
  );
}

function describeWorkers(workers: number, trans: TranslationBundle): string {
  return trans._n('%2 worker', '%2 workers', workers, formatCount(workers));
}

function describeStatus(
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
