import type { TranslationBundle } from '@jupyterlab/translation';

import type { BatchState, IEndpointInfo } from '../tokens';

/** How long a batch may wait before people wonder, in seconds. */
const PATIENCE_S = 3;

/** A batch, as far as its waiting goes. */
export interface IWaitingBatch {
  readonly state: BatchState;
  /** When it was run, in seconds since the epoch. */
  readonly created: number;
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
  switch (endpoint?.status) {
    case 'offline':
      return trans.__(
        'The endpoint is offline. The task stays queued and runs when it is back.'
      );
    case 'online':
      return endpoint.workers === 0
        ? trans.__(
            'The endpoint is online and has no worker yet: it may be waiting for a node.'
          )
        : trans.__(
            'The endpoint is online and has not started it yet: its workers may be busy.'
          );
    case 'unknown':
    case undefined:
      return null;
  }
}
