import type { TranslationBundle } from '@jupyterlab/translation';
import {
  ellipsesIcon,
  HTMLSelect,
  runIcon,
  stopIcon
} from '@jupyterlab/ui-components';
import * as React from 'react';

import type { IEndpointInfo } from '../tokens';

/** What the bar of a cell shows. */
export interface IBarViewProps {
  /** The endpoints to choose from. */
  readonly endpoints: readonly IEndpointInfo[];
  /** Name of the endpoint that the cell asks for; `null` for the default. */
  readonly endpoint: string | null;
  /** The endpoint the cell runs on, if it is known. */
  readonly resolved: IEndpointInfo | undefined;
  /** What the cell is doing, or how it ended. */
  readonly state: string;
  /** The tone of {@link state}. */
  readonly tone: 'quiet' | 'error';
  /** Whether endpoints may still be found. */
  readonly isLooking: boolean;
  readonly isRunning: boolean;
  readonly canStopWaiting: boolean;
  readonly canSendToBackground: boolean;
  readonly trans: TranslationBundle;
  readonly onEndpoint: (name: string) => void;
  readonly onRun: () => void;
  readonly onStopWaiting: () => void;
  readonly onSendToBackground: () => void;
  /** Opens the menu with everything that can be done. */
  readonly onMenu: (button: HTMLElement) => void;
}

/** The bar above the input of a `%%compute` cell. */
export function BarView(props: IBarViewProps): React.JSX.Element {
  const { trans } = props;
  return (
    <>
      <EndpointSelector {...props} />
      {props.isRunning ? null : (
        <BarButton label={trans.__('Run')} onClick={props.onRun}>
          <runIcon.react tag="span" elementSize="small" />
        </BarButton>
      )}
      {props.canSendToBackground ? (
        <BarButton
          label={trans.__('Send to background')}
          title={trans.__('Let the cells below run; the results land here')}
          isFolding
          onClick={props.onSendToBackground}
        />
      ) : null}
      {props.canStopWaiting ? (
        <BarButton
          label={trans.__('Stop waiting')}
          title={trans.__('Stop waiting for results; the tasks go on')}
          isFolding
          onClick={props.onStopWaiting}
        >
          <stopIcon.react tag="span" elementSize="small" />
        </BarButton>
      ) : null}
      <span
        className="jp-GlobusCompute-barState"
        data-tone={props.tone}
        title={props.state}
      >
        {props.state}
      </span>
      <button
        type="button"
        className="jp-GlobusCompute-barButton"
        aria-haspopup="menu"
        aria-label={trans.__('More actions for this cell')}
        title={trans.__('More')}
        onClick={event => props.onMenu(event.currentTarget)}
      >
        <ellipsesIcon.react tag="span" elementSize="small" />
      </button>
    </>
  );
}

function EndpointSelector(props: IBarViewProps): React.JSX.Element {
  const { endpoints, endpoint, resolved, isLooking, trans } = props;
  const status = resolved?.status ?? 'unknown';
  const words = {
    online: trans.__('online'),
    offline: trans.__('offline'),
    unknown: trans.__('status unknown')
  };
  return (
    <span className="jp-GlobusCompute-barEndpoint">
      <span
        className="jp-GlobusCompute-dot"
        data-status={status}
        role="img"
        aria-label={words[status]}
        title={words[status]}
      />
      <HTMLSelect
        defaultStyle={false}
        iconProps={{ right: '2px', top: '3px' }}
        aria-label={trans.__('Endpoint')}
        title={trans.__('Endpoint that this cell runs on')}
        value={resolved?.name ?? endpoint ?? ''}
        onChange={event => props.onEndpoint(event.target.value)}
      >
        {resolved ? null : (
          <option value={endpoint ?? ''} disabled>
            {endpoint === null
              ? isLooking
                ? trans.__('Looking for endpoints…')
                : trans.__('No endpoints')
              : trans.__('%1 (unknown)', endpoint)}
          </option>
        )}
        {endpoints.map(({ id, name }) => (
          <option key={id} value={name}>
            {name}
          </option>
        ))}
      </HTMLSelect>
    </span>
  );
}

function BarButton({
  label,
  title,
  isFolding,
  onClick,
  children
}: {
  label: string;
  title?: string;
  isFolding?: boolean;
  onClick: () => void;
  children?: React.ReactNode;
}): React.JSX.Element {
  return (
    <button
      type="button"
      className="jp-GlobusCompute-barButton"
      data-folding={isFolding ?? false}
      title={title}
      onClick={onClick}
    >
      {children}
      {label}
    </button>
  );
}
