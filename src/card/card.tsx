import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useId, useState } from 'react';

import {
  describeState,
  formatCounts,
  formatTitle,
  isActive
} from '../model/format';
import type { IBatchSnapshot } from '../tokens';

import { CardFooter } from './cardFooter';
import { CardHeader } from './cardHeader';
import { FailureList } from './failureList';
import { plainText } from './plainText';
import { TaskProgress } from './taskGrid';
import { TaskTable } from './taskTable';
import { TimelineBar } from './timelineBar';

/** Properties of {@link BatchCard}. */
export interface IBatchCardProps {
  /** The batch; its texts come from outside and are shown as text. */
  readonly snapshot: IBatchSnapshot;
  /** Whether the batch is followed; else the snapshot is as it was saved. */
  readonly live: boolean;
  /** Whether it came with a notebook that is not trusted. */
  readonly isForeign?: boolean;
  /** Seconds since the epoch, for the time a running batch has taken. */
  readonly now: number;
  /** Seconds that a running batch will still take, where that is known. */
  readonly timeLeft?: number | null;
  /** Why the batch waits, where that is known. */
  readonly waitingReason?: string | null;
  readonly trans: TranslationBundle;
  /** Put a text on the system's clipboard. */
  readonly onCopy: (text: string) => void;
  /**
   * Show a line of the cell that was run, counted from 1. Offered only while
   * the batch is live: a saved card does not know its cell.
   */
  readonly onGoToLine: (line: number) => void;
  /** Whether the cell's text is another than the one that was run. */
  readonly isEdited?: boolean;
  /** Choose where the cell runs; left out where there is nothing to choose. */
  readonly onChooseEndpoint?: () => void;
  /** Submit the failed tasks again; left out where that cannot be done. */
  readonly onRunFailedAgain?: () => void;
}

/**
 * A batch in the output of its cell: one line when all went well, else as
 * much as is needed to see what is happening or what went wrong.
 */
export function BatchCard(props: IBatchCardProps): ReactElement {
  const { snapshot, live, now, trans } = props;
  const [isOpen, setIsOpen] = useState(false);
  const detailsId = useId();
  return (
    <div className="jp-GlobusCompute-card" data-state={snapshot.state}>
      <CardHeader
        snapshot={snapshot}
        live={live}
        now={now}
        timeLeft={props.timeLeft}
        isEdited={props.isEdited}
        trans={trans}
        isOpen={isOpen}
        detailsId={detailsId}
        onToggle={() => {
          setIsOpen(!isOpen);
        }}
      />
      <Announcement snapshot={snapshot} live={live} trans={trans} />
      <CardBody {...props} />
      <div id={detailsId} hidden={!isOpen}>
        {isOpen && <CardDetails {...props} />}
      </div>
      {(isOpen || alwaysShowsIds(snapshot)) && <CardFooter {...props} />}
    </div>
  );
}

/** What a card shows without being asked. */
function CardBody(props: IBatchCardProps): ReactElement {
  const { snapshot, live, waitingReason, trans } = props;
  const { onChooseEndpoint, onGoToLine, onRunFailedAgain } = props;
  const { state, note, counts } = snapshot;
  const hasEnded = state === 'done' || state === 'problem';
  return (
    <>
      {state === 'problem' && <Problem snapshot={snapshot} trans={trans} />}
      {counts.total > 1 && !hasEnded && (
        <TaskProgress snapshot={snapshot} trans={trans} />
      )}
      {state === 'failed' && counts.total === 1 && (
        <TimelineBar snapshot={snapshot} trans={trans} />
      )}
      {waitingReason && (
        <p>
          <b>{trans.__('Why is it waiting?')}</b> {waitingReason}{' '}
          {onChooseEndpoint && (
            <Link onClick={onChooseEndpoint}>
              {trans.__('Choose another endpoint')}
            </Link>
          )}
        </p>
      )}
      {note && state !== 'problem' && (
        <p className="jp-GlobusCompute-muted">{plainText(note)}</p>
      )}
      {props.isForeign && (
        <p className="jp-GlobusCompute-muted">
          {trans.__(
            'This is what the notebook brought along. Nothing of it runs unless you run the cell: that is up to you.'
          )}
        </p>
      )}
      <FailureList
        snapshot={snapshot}
        trans={trans}
        onGoToLine={live ? onGoToLine : undefined}
      />
      {onRunFailedAgain && (
        <div className="jp-GlobusCompute-cardActions">
          <Link
            title={trans.__('Submit the failed tasks again, and no others')}
            onClick={onRunFailedAgain}
          >
            {trans.__('Run failed again')}
          </Link>
        </div>
      )}
    </>
  );
}

interface ILinkProps {
  readonly title?: string;
  readonly onClick: () => void;
  readonly children: string;
}

/** A button that reads as part of the text around it. */
function Link({ title, onClick, children }: ILinkProps): ReactElement {
  return (
    <button
      type="button"
      className="jp-GlobusCompute-link"
      title={title}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

/** What a card shows when its header was opened. */
function CardDetails(props: IBatchCardProps): ReactElement {
  const { snapshot, live, now, trans } = props;
  const isShownAlready =
    snapshot.state === 'failed' && snapshot.counts.total === 1;
  return (
    <>
      {!isShownAlready && (
        <TimelineBar
          snapshot={snapshot}
          now={live ? now : undefined}
          trans={trans}
        />
      )}
      {snapshot.tasks.length > 0 && (
        <TaskTable snapshot={snapshot} trans={trans} />
      )}
    </>
  );
}

interface ISnapshotProps {
  readonly snapshot: IBatchSnapshot;
  readonly trans: TranslationBundle;
}

/** The batch never reached its service. */
function Problem({ snapshot, trans }: ISnapshotProps): ReactElement {
  return (
    <div className="jp-GlobusCompute-failure">
      <div className="jp-GlobusCompute-failureTitle">
        <b>{trans.__('Sending to %1 failed.', snapshot.endpoint.name)}</b>{' '}
        {snapshot.note
          ? plainText(snapshot.note)
          : trans.__('Run the cell to try again.')}
      </div>
    </div>
  );
}

interface IAnnouncementProps extends ISnapshotProps {
  readonly live: boolean;
}

/**
 * Tells people who do not see the card when the state of the batch changes.
 * Its text must change only then: a live region speaks at every change.
 */
function Announcement(props: IAnnouncementProps): ReactElement {
  const { snapshot, live, trans } = props;
  return (
    <span
      className="jp-GlobusCompute-visuallyHidden"
      role="status"
      aria-live="polite"
    >
      {live && announce(snapshot, trans)}
    </span>
  );
}

function announce(snapshot: IBatchSnapshot, trans: TranslationBundle): string {
  const { title, counts, state } = snapshot;
  const sentence = `${formatTitle(title, counts.total)}: ${describeState(state, trans)}`;
  return isActive(state)
    ? sentence
    : `${sentence}, ${formatCounts(counts, trans)}`;
}

/** People ask about failures, and a batch without tasks is all about its id. */
function alwaysShowsIds(snapshot: IBatchSnapshot): boolean {
  return (
    snapshot.state === 'failed' ||
    (snapshot.state === 'done' && snapshot.counts.total === 0)
  );
}
