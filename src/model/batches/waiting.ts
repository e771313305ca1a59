import type { TranslationBundle } from '@jupyterlab/translation';

import type { TaskState } from '../../sdk';
import type { BatchState, IEndpointInfo } from '../../tokens';
import { formatAge, formatCount } from '../format';

/** How long a batch may wait before people wonder, in seconds. */
const PATIENCE_S = 3;

/** How long without news before that is worth saying, in seconds. */
const SILENCE_S = 60;

/** A batch, as far as its waiting goes. */
export interface IWaitingBatch {
  readonly state: BatchState;
  /** When it was run, in seconds since the epoch. */
  readonly created: number;
  readonly tasks?: readonly {
    readonly state: TaskState;
    readonly submitted?: number;
  }[];
}

/**
 * Why a batch waits, in plain words, from what is known and nothing else.
 *
 * @param batch - The batch.
 * @param endpoint - What is known of its endpoint, if anything.
 * @param now - Seconds since the epoch.
 * @returns `null` while it does not wait, has just begun to, or nothing is
 * known.
 */
export function explainWaiting(
  batch: IWaitingBatch,
  endpoint: IEndpointInfo | undefined,
  now: number,
  trans: TranslationBundle
): string | null {
  if (batch.state !== 'waiting' || now - batch.created < PATIENCE_S) {
    return null;
  }
  if (endpoint?.status === 'offline') {
    return trans.__(
      'The endpoint is offline. The task stays queued and runs when it is back.'
    );
  }
  const told = explainState(batch.tasks?.at(0)?.state, trans);
  if (told) {
    return told;
  }
  if (endpoint?.status === 'online') {
    return explainOnline(endpoint, trans);
  }
  const since = now - (batch.tasks?.at(0)?.submitted ?? batch.created);
  return since > SILENCE_S
    ? trans.__(
        'The service took it %1 ago and has told no more since.',
        formatAge(since, trans)
      )
    : null;
}

/** What the service itself says a task waits for. */
function explainState(
  state: TaskState | undefined,
  trans: TranslationBundle
): string | null {
  switch (state) {
    case 'waiting-for-nodes':
      return trans.__(
        'The endpoint has it and waits for nodes of its cluster.'
      );
    case 'waiting-for-launch':
      return trans.__('The endpoint has it and is starting a worker for it.');
    default:
      return null;
  }
}

function explainOnline(
  { workers, idleWorkers, pendingTasks }: IEndpointInfo,
  trans: TranslationBundle
): string {
  if (workers === 0) {
    return trans.__(
      'The endpoint is online and has no worker yet: it may be waiting for a node.'
    );
  }
  if (workers !== undefined && idleWorkers === 0) {
    const busy = trans._n(
      'The one worker of the endpoint is busy.',
      'All %1 workers of the endpoint are busy.',
      workers
    );
    return pendingTasks
      ? `${busy} ${trans._n(
          'One task waits there.',
          '%2 tasks wait there, yours among them.',
          pendingTasks,
          formatCount(pendingTasks)
        )}`
      : busy;
  }
  return trans.__(
    'The endpoint is online and has not started it yet: its workers may be busy.'
  );
}
