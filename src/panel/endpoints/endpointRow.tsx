import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement, ReactNode } from 'react';

import { formatCount } from '../../model/format';
import type { IEndpointInfo } from '../../tokens';

/** What the list of endpoints lets a person do. */
export interface IEndpointDeeds {
  readonly onToggle: (id: string) => void;
  /** Let the current notebook's cells run there, or not especially there. */
  readonly onDefault: (id: string | null) => void;
  readonly onHide: (id: string, isHidden: boolean) => void;
  readonly onRemove: (id: string) => void;
  /** Fill in the endpoint's own configuration. */
  readonly onConfigure: (endpoint: IEndpointInfo) => void;
  readonly onCopy: (text: string) => void;
}

/** Properties of {@link EndpointRow}. */
export interface IEndpointRowProps extends IEndpointDeeds {
  readonly endpoint: IEndpointInfo;
  /** Whether cells without `-e` run there. */
  readonly isDefault: boolean;
  readonly isHidden: boolean;
  readonly isExpanded: boolean;
  /** Whether there is a notebook that it could be the default of. */
  readonly hasNotebook: boolean;
  readonly trans: TranslationBundle;
}

/** An endpoint: how it is, and more of it if it is open. */
export function EndpointRow(props: IEndpointRowProps): ReactElement {
  const { endpoint, isDefault, isHidden, isExpanded, trans } = props;
  const { id, name, pythonVersion, status, workers } = endpoint;
  const meta = [
    describeStatus(status, trans),
    endpoint.isTutorial && trans.__('tutorial endpoint'),
    endpoint.isOwned && trans.__('yours'),
    endpoint.isMultiUser && trans.__('multi-user'),
    pythonVersion && trans.__('Python %1', pythonVersion),
    isDefault &&
      (props.hasNotebook
        ? trans.__('default for this notebook')
        : trans.__('default')),
    isHidden && trans.__('hidden')
  ];
  return (
    <li className="jp-GlobusCompute-listItem" data-open={isExpanded}>
      <button
        type="button"
        className="jp-GlobusCompute-row"
        aria-expanded={isExpanded}
        onClick={() => {
          props.onToggle(id);
        }}
      >
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
      </button>
      {isExpanded && <EndpointDetails {...props} />}
    </li>
  );
}

function EndpointDetails(props: IEndpointRowProps): ReactElement {
  const { endpoint, isDefault, isHidden, hasNotebook, trans } = props;
  const { id, description, endpointVersion, service } = endpoint;
  return (
    <div className="jp-GlobusCompute-details">
      {description && <p>{description}</p>}
      <dl>
        <Fact name={trans.__('Service')}>{service}</Fact>
        {endpointVersion && (
          <Fact name={trans.__('Endpoint version')}>{endpointVersion}</Fact>
        )}
        <Fact name={trans.__('Id')}>
          <code>{id}</code>
        </Fact>
      </dl>
      <div className="jp-GlobusCompute-rowActions">
        {hasNotebook && (
          <Action
            label={
              isDefault
                ? trans.__('Use the usual default')
                : trans.__('Default for this notebook')
            }
            onClick={() => {
              props.onDefault(isDefault ? null : id);
            }}
          />
        )}
        {endpoint.userConfigSchema && (
          <Action
            label={trans.__('Configure…')}
            onClick={() => {
              props.onConfigure(endpoint);
            }}
          />
        )}
        <Action
          label={trans.__('Copy id')}
          onClick={() => {
            props.onCopy(id);
          }}
        />
        {endpoint.isAdded ? (
          <Action
            label={trans.__('Remove')}
            onClick={() => {
              props.onRemove(id);
            }}
          />
        ) : (
          <Action
            label={isHidden ? trans.__('Show again') : trans.__('Hide')}
            onClick={() => {
              props.onHide(id, !isHidden);
            }}
          />
        )}
      </div>
    </div>
  );
}

interface IFactProps {
  readonly name: string;
  readonly children: ReactNode;
}

function Fact({ name, children }: IFactProps): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface IActionProps {
  readonly label: string;
  readonly onClick: () => void;
}

function Action({ label, onClick }: IActionProps): ReactElement {
  return (
    <button
      type="button"
      className="jp-GlobusCompute-link"
      onClick={() => {
        onClick();
      }}
    >
      {label}
    </button>
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
