import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import { formatLeft } from '../model/batches/estimate';
import {
  describeState,
  formatDuration,
  formatTitle,
  isActive
} from '../model/format';
import type { IBatchSnapshot } from '../tokens';

import { StateIcon } from './stateIcon';

/** Properties of {@link CardHeader}. */
export interface ICardHeaderProps {
  readonly snapshot: IBatchSnapshot;
  /** Whether the batch is followed; else the snapshot is as it was saved. */
  readonly live: boolean;
  /** Seconds since the epoch, for the time a running batch has taken. */
  readonly now: number;
  /** Seconds that a running batch will still take, where that is known. */
  readonly timeLeft?: number | null;
  /** Whether the cell's text is another than the one that was run. */
  readonly isEdited?: boolean;
  readonly trans: TranslationBundle;
  /** Whether the details below are shown. */
  readonly isOpen: boolean;
  /** Id of the element that holds the details. */
  readonly detailsId: string;
  readonly onToggle: () => void;
}

/** The one line of a card: what, where, how long; it opens the details. */
export function CardHeader(props: ICardHeaderProps): ReactElement {
  const { snapshot, trans, isOpen } = props;
  const { state, title, endpoint, identity, counts } = snapshot;
  return (
    <button
      type="button"
      className="jp-GlobusCompute-cardHeader"
      aria-expanded={isOpen}
      aria-controls={props.detailsId}
      title={isOpen ? trans.__('Hide details') : trans.__('Show details')}
      onClick={props.onToggle}
    >
      <StateIcon state={state} label={describeState(state, trans)} />
      <span className="jp-GlobusCompute-title">
        {formatTitle(title, counts.total)}
      </span>
      <span className="jp-GlobusCompute-where">
        {identity
          ? trans.__('on %1 as %2', endpoint.name, identity)
          : trans.__('on %1', endpoint.name)}
        {props.isEdited && ` · ${trans.__('edited since it ran')}`}
      </span>
      <span className="jp-GlobusCompute-elapsed">{elapsed(props)}</span>
      <span className="jp-GlobusCompute-caret" aria-hidden="true" />
    </button>
  );
}

/**
 * The duration of what has ended; of what has not, the state in words too,
 * and the time so far if somebody is counting.
 */
function elapsed(props: ICardHeaderProps): string {
  const { snapshot, live, now, timeLeft, trans } = props;
  const { created, ended, state } = snapshot;
  if (!isActive(state)) {
    return ended === undefined ? '' : formatDuration(ended - created, trans);
  }
  const word = describeState(state, trans);
  if (!live) {
    return trans.__('%1 when last saved', word);
  }
  const duration = formatDuration(Math.floor(now - created), trans);
  return timeLeft == null
    ? `${word} · ${duration}`
    : `${duration} · ${formatLeft(timeLeft, trans)}`;
}
