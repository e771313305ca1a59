import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useEffect, useState } from 'react';

import { shortId } from '../model/format';
import type { IBatchSnapshot } from '../tokens';

import { idsOf } from './ids';

/** How long a copy button says that it has copied. */
const COPIED_MS = 2000;

/** Properties of {@link CardFooter}. */
export interface ICardFooterProps {
  readonly snapshot: IBatchSnapshot;
  readonly trans: TranslationBundle;
  /** Put a text on the system's clipboard. */
  readonly onCopy: (text: string) => void;
}

/** What one needs to ask for help: versions, ids, when. */
export function CardFooter(props: ICardFooterProps): ReactElement {
  const { snapshot, trans } = props;
  const { functionIds, pythonVersion, taskGroupId, tasks } = snapshot;
  const taskId = tasks.length === 1 ? tasks[0].id : undefined;
  return (
    <div className="jp-GlobusCompute-cardFooter">
      {pythonVersion && <span>{trans.__('Python %1', pythonVersion)}</span>}
      {functionIds.map(id => (
        <IdLabel key={id} {...props} name={trans.__('function')} id={id} />
      ))}
      {taskId && <IdLabel {...props} name={trans.__('task')} id={taskId} />}
      {!taskId && taskGroupId && (
        <IdLabel {...props} name={trans.__('task group')} id={taskGroupId} />
      )}
      {tasks.length > 1 && (
        <button
          type="button"
          className="jp-GlobusCompute-link"
          onClick={() => {
            props.onCopy(idsOf(snapshot));
          }}
        >
          {trans.__('copy all ids')}
        </button>
      )}
      <StartTime created={snapshot.created} />
    </div>
  );
}

function StartTime({ created }: { readonly created: number }): ReactElement {
  const date = new Date(created * 1000);
  return Number.isNaN(date.getTime()) ? (
    <></>
  ) : (
    <time dateTime={date.toISOString()}>
      {date.toLocaleString(undefined, {
        dateStyle: 'medium',
        timeStyle: 'short'
      })}
    </time>
  );
}

interface IIdLabelProps extends Pick<ICardFooterProps, 'trans' | 'onCopy'> {
  /** What the id is of. */
  readonly name: string;
  readonly id: string;
}

function IdLabel({ name, id, trans, onCopy }: IIdLabelProps): ReactElement {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) {
      return;
    }
    const timer = setTimeout(() => {
      setIsCopied(false);
    }, COPIED_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [isCopied]);
  return (
    <span title={id}>
      {name} <code>{shortId(id)}</code>
      {' · '}
      <button
        type="button"
        className="jp-GlobusCompute-link"
        aria-label={
          isCopied ? trans.__('copied') : trans.__('copy %1 id', name)
        }
        onClick={() => {
          onCopy(id);
          setIsCopied(true);
        }}
      >
        {isCopied ? trans.__('copied') : trans.__('copy')}
      </button>
    </span>
  );
}
