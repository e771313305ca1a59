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
  /** Seconds since the epoch, for the time a running batch has taken. */
  readonly now: number;
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
  const { snapshot, live, waitingReason, trans, onGoToLine } = props;
  const { state, note, counts } = snapshot;
  const hasEnded = state === 'done' || state === 'problem';
  return (
    <>
      {state === 'problem' && <Problem snapshot={snapshot} trans={trans} />}
      {counts.total > 1 && !hasEnded && (
        <TaskProgress snapshot={snapshot} trans={trans} />
      )}
      {state === 'failed' && <SingleTimeline {...props} />}
      {waitingReason && (
        <p>
          <b>{trans.__('Why is it waiting?')}</b> {waitingReason}
        </p>
      )}
      {note && state !== 'problem' && (
        <p className="jp-GlobusCompute-muted">{plainText(note)}</p>
      )}
      <FailureList
        snapshot={snapshot}
        trans={trans}
        onGoToLine={live ? onGoToLine : undefined}
      />
    </>
  );
}

/** What a card shows when its header was opened. */
function CardDetails(props: IBatchCardProps): ReactElement {
  const { snapshot, trans } = props;
  return (
    <>
      {snapshot.state !== 'failed' && <SingleTimeline {...props} />}
      {snapshot.tasks.length > 0 && (
        <TaskTable snapshot={snapshot} trans={trans} />
      )}
    </>
  );
}

function SingleTimeline(props: IBatchCardProps): ReactElement | null {
  const { created, tasks } = props.snapshot;
  return tasks.length === 1 ? (
    <TimelineBar created={created} task={tasks[0]} trans={props.trans} />
  ) : null;
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
