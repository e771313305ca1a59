import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useId, useState } from 'react';

import { formatCount, formatFailure } from '../model/format';
import type { IBatchSnapshot } from '../tokens';

import { adviseOn } from './advice';
import type { IFailureGroup } from './failures';
import { countUnexplained, groupFailures } from './failures';
import { plainText } from './plainText';
import { Traceback } from './traceback';

/** Kinds of failure shown before one asks for more. */
const FIRST_GROUPS = 5;

/** Properties of {@link FailureList}. */
export interface IFailureListProps {
  readonly snapshot: IBatchSnapshot;
  readonly trans: TranslationBundle;
  /** Show a line of the cell; left out where there is no cell to go to. */
  readonly onGoToLine?: (line: number) => void;
}

/** Why tasks of a batch failed, those alike told once. */
export function FailureList(props: IFailureListProps): ReactElement | null {
  const { snapshot, trans } = props;
  const [showsAll, setShowsAll] = useState(false);
  const groups = groupFailures(snapshot.tasks);
  const shown = showsAll ? groups : groups.slice(0, FIRST_GROUPS);
  const hidden = groups.length - shown.length;
  const unexplained = countUnexplained(snapshot);
  return groups.length + unexplained === 0 ? null : (
    <div className="jp-GlobusCompute-failures">
      {shown.map(group => (
        <Failure
          key={group.first.index}
          {...props}
          group={group}
          isOnlyTask={snapshot.counts.total === 1}
        />
      ))}
      {hidden > 0 && (
        <button
          type="button"
          className="jp-GlobusCompute-link"
          onClick={() => {
            setShowsAll(true);
          }}
        >
          {trans._n(
            'Show %1 more kind of failure',
            'Show %1 more kinds of failure',
            hidden
          )}
        </button>
      )}
      {unexplained > 0 && (
        <p className="jp-GlobusCompute-muted">
          {trans._n(
            'One more task failed; this card does not keep why.',
            '%2 more tasks failed; this card does not keep why.',
            unexplained,
            formatCount(unexplained)
          )}
        </p>
      )}
    </div>
  );
}

interface IFailureProps extends IFailureListProps {
  readonly group: IFailureGroup;
  /** Whether the batch is this one task, which then needs no naming. */
  readonly isOnlyTask: boolean;
}

function Failure(props: IFailureProps): ReactElement {
  const { group, snapshot, trans } = props;
  const [isOpen, setIsOpen] = useState(false);
  const tracebackId = useId();
  const advice = adviseOn(group.failure, {
    endpoint: snapshot.endpoint.name,
    pythonVersion: snapshot.pythonVersion,
    trans
  });
  const traceback = plainText(group.failure.traceback).trimEnd();
  return (
    <div className="jp-GlobusCompute-failure">
      <FailureTitle {...props} />
      <div className="jp-GlobusCompute-failureWhere">
        <Frame {...props} />
        {traceback && (
          <button
            type="button"
            className="jp-GlobusCompute-link"
            aria-expanded={isOpen}
            aria-controls={tracebackId}
            onClick={() => {
              setIsOpen(!isOpen);
            }}
          >
            {isOpen ? trans.__('Hide traceback') : trans.__('Show traceback')}
          </button>
        )}
      </div>
      {advice && <p className="jp-GlobusCompute-advice">{advice}</p>}
      {/* Long lines scroll, so the keyboard must be able to get in. */}
      <pre
        id={tracebackId}
        className="jp-GlobusCompute-traceback"
        role="region"
        aria-label={trans.__('Remote traceback')}
        tabIndex={0}
        hidden={!isOpen}
      >
        {isOpen && (
          <Traceback
            text={traceback}
            trans={trans}
            onGoToLine={props.onGoToLine}
          />
        )}
      </pre>
    </div>
  );
}

function FailureTitle(props: IFailureProps): ReactElement {
  const { group, isOnlyTask, trans } = props;
  const what = plainText(formatFailure(group.failure));
  if (isOnlyTask) {
    return (
      <div className="jp-GlobusCompute-failureTitle">
        <b>{what}</b>
        <Attempts {...props} />
      </div>
    );
  }
  return (
    <div className="jp-GlobusCompute-failureTitle">
      <b>{failedTasks(group, trans)}</b>
      {' · '}
      {what}
      <Attempts {...props} />
    </div>
  );
}

/** How often the task was tried, if more than once. */
function Attempts({ group, trans }: IFailureProps): ReactElement | null {
  const { attempts = 1 } = group.first;
  return attempts > 1 ? (
    <span className="jp-GlobusCompute-muted">
      {' · '}
      {trans.__('tried %1 times', attempts)}
    </span>
  ) : null;
}

function failedTasks(group: IFailureGroup, trans: TranslationBundle): string {
  return group.count > 1
    ? trans.__('%1 tasks failed alike', formatCount(group.count))
    : trans.__('%1 failed', group.first.label);
}

function Frame(props: IFailureProps): ReactElement | null {
  const { group, onGoToLine, trans } = props;
  const { frame } = group.failure;
  if (!frame) {
    return null;
  }
  const where = trans.__('line %1, in %2', frame.line, frame.name);
  return (
    <code className="jp-GlobusCompute-frame">
      {onGoToLine ? (
        <button
          type="button"
          className="jp-GlobusCompute-link"
          title={trans.__('Go to line %1 of the cell', frame.line)}
          onClick={() => {
            onGoToLine(frame.line);
          }}
        >
          {where}
        </button>
      ) : (
        where
      )}
      <span className="jp-GlobusCompute-source">{frame.source}</span>
    </code>
  );
}
