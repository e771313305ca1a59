import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect, InputGroup } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';
import { useId, useState } from 'react';

import type { IFollowRequest, IServiceInfo } from '../../tokens';

import { EXAMPLE_ID, readUuids } from '../uuids';

/** Properties of {@link FollowTasks}. */
export interface IFollowTasksProps {
  /** The services that the tasks may be of, in their order. */
  readonly services: readonly IServiceInfo[];
  readonly trans: TranslationBundle;
  /**
   * Follow the tasks; rejects, in words for a person, where that cannot be
   * done, with the `code` `TAKE_OVER_NEEDED` where they first have to agree.
   */
  readonly onFollow: (request: IFollowRequest) => Promise<void>;
  readonly onClose: () => void;
}

/** What an id that was typed belongs to. */
type IdKind = 'tasks' | 'group';

/** Asks for tasks that were submitted by other means, to follow them. */
export function FollowTasks(props: IFollowTasksProps): ReactElement {
  const { services, trans, onFollow, onClose } = props;
  const [kind, setKind] = useState<IdKind>('tasks');
  const [text, setText] = useState('');
  const [title, setTitle] = useState('');
  const [service, setService] = useState(services.at(0)?.name ?? '');
  const [problem, setProblem] = useState<string | null>(null);
  const [needsLeave, setNeedsLeave] = useState(false);
  const [isSending, setIsSending] = useState(false);
  const helpId = useId();

  const edit = (change: () => void): void => {
    change();
    setProblem(null);
    setNeedsLeave(false);
  };
  const follow = async (takeOver: boolean): Promise<void> => {
    const ids = readUuids(text);
    const isGroup = kind === 'group';
    if (!ids || ids.length === 0 || (isGroup && ids.length > 1)) {
      setProblem(
        isGroup
          ? trans.__(
              'Give the id of one task group. It looks like %1.',
              EXAMPLE_ID
            )
          : trans.__('Give the ids of tasks. One looks like %1.', EXAMPLE_ID)
      );
      return;
    }
    setIsSending(true);
    try {
      await onFollow({
        service,
        takeOver,
        ...(isGroup ? { taskGroupId: ids[0] } : { taskIds: ids }),
        ...(title.trim() && { title: title.trim() })
      });
      onClose();
    } catch (reason) {
      setProblem(reason instanceof Error ? reason.message : String(reason));
      setNeedsLeave(codeOf(reason) === 'TAKE_OVER_NEEDED');
      setIsSending(false);
    }
  };

  return (
    <form
      className="jp-GlobusCompute-addForm"
      aria-label={trans.__('Follow tasks from elsewhere')}
      aria-describedby={helpId}
      onSubmit={event => {
        event.preventDefault();
        void follow(false);
      }}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <p id={helpId} className="jp-GlobusCompute-muted">
        {trans.__(
          'Tasks that you submitted from a terminal or with the Python SDK.'
        )}
      </p>
      <div className="jp-GlobusCompute-filter">
        <HTMLSelect
          className="jp-GlobusCompute-select"
          value={kind}
          aria-label={trans.__('What the ids belong to')}
          onChange={event => {
            const chosen = event.currentTarget.value;
            edit(() => setKind(chosen === 'group' ? 'group' : 'tasks'));
          }}
          options={[
            { value: 'tasks', label: trans.__('Tasks') },
            { value: 'group', label: trans.__('Task group') }
          ]}
        />
        <InputGroup
          className="jp-GlobusCompute-search"
          value={text}
          placeholder={
            kind === 'group' ? trans.__('Task group id') : trans.__('Task ids')
          }
          aria-label={
            kind === 'group' ? trans.__('Task group id') : trans.__('Task ids')
          }
          autoFocus={true}
          onChange={event => {
            const { value } = event.currentTarget;
            edit(() => setText(value));
          }}
        />
      </div>
      <div className="jp-GlobusCompute-filter">
        <InputGroup
          className="jp-GlobusCompute-search"
          value={title}
          placeholder={trans.__('Name in the list')}
          aria-label={trans.__('Name in the list')}
          onChange={event => {
            setTitle(event.currentTarget.value);
          }}
        />
        {services.length > 1 && (
          <HTMLSelect
            className="jp-GlobusCompute-select"
            value={service}
            aria-label={trans.__('Service')}
            onChange={event => {
              const { value } = event.currentTarget;
              edit(() => setService(value));
            }}
            options={services.map(({ name, label }) => ({
              value: name,
              label
            }))}
          />
        )}
      </div>
      {problem !== null && (
        <div className="jp-GlobusCompute-failure" role="alert">
          {problem}
        </div>
      )}
      <div className="jp-GlobusCompute-rowActions">
        {needsLeave ? (
          <button
            type="button"
            className="jp-GlobusCompute-link"
            disabled={isSending}
            onClick={() => void follow(true)}
          >
            {trans.__('Take over these tasks')}
          </button>
        ) : (
          <button
            type="submit"
            className="jp-GlobusCompute-link"
            disabled={isSending || text.trim() === ''}
          >
            {isSending ? trans.__('Looking…') : trans.__('Follow')}
          </button>
        )}
        <button
          type="button"
          className="jp-GlobusCompute-link"
          onClick={onClose}
        >
          {trans.__('Cancel')}
        </button>
      </div>
    </form>
  );
}

function codeOf(reason: unknown): unknown {
  return (reason as { code?: unknown } | null)?.code;
}
