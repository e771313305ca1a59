import type { IMimeBundle } from '@jupyterlab/nbformat';

import type { IFetchedBatch, ITaskOutcome } from '../kernel/bridge';
import { isActive } from '../model/format';
import type { IService } from '../model/services';
import type { ITaskResult } from '../sdk';
import type { IBatch, IBatches, IBatchSnapshot } from '../tokens';
import { messageOf } from './explain';

/** How many names of batches a message lists. */
const LISTED_NAMES = 5;

/** What fetching a batch again needs. */
export interface IFetchServices {
  readonly batches: Pick<IBatches, 'items'>;
  readonly service: (name: string) => Promise<Pick<IService, 'client'>>;
  readonly toMimeBundle: (snapshot: IBatchSnapshot) => IMimeBundle;
}

/**
 * Fetch the results of a batch again, for a `%compute_result` line.
 *
 * @param asked - Name of the batch (of several the newest), its id, that of
 * its task group, or of a task of it.
 * @returns the batch, or why it cannot be had; never rejects.
 */
export async function fetchBatch(
  services: IFetchServices,
  asked: string
): Promise<IFetchedBatch> {
  const none = { asked, card: null, tasks: [] };
  const { items } = services.batches;
  const batch = items.find(item => isMeant(item, asked));
  if (!batch) {
    return { ...none, problem: explainMissing(items, asked) };
  }
  if (isActive(batch.state)) {
    const { done, failed, total } = batch.counts;
    return {
      ...none,
      problem: `"${batch.title}" still runs: ${done + failed} of ${total} tasks have ended. Run this cell again when it is done.`
    };
  }
  try {
    const { client } = await services.service(batch.service);
    const ids = batch.tasks.flatMap(({ id }) => (id ? [id] : []));
    const results = await client.getBatchResult(ids);
    return {
      asked,
      problem: null,
      card: services.toMimeBundle(batch.snapshot()),
      tasks: ids.map((id, index) => toOutcome(index, results.get(id)))
    };
  } catch (reason) {
    return { ...none, problem: messageOf(reason) };
  }
}

function isMeant(batch: IBatch, asked: string): boolean {
  return (
    batch.title === asked ||
    batch.id === asked ||
    batch.snapshot().taskGroupId === asked ||
    batch.tasks.some(({ id }) => id === asked)
  );
}

function explainMissing(items: readonly IBatch[], asked: string): string {
  const names = [...new Set(items.map(({ title }) => title))];
  const known = names.slice(0, LISTED_NAMES).join(', ');
  return `There is no batch "${asked}". ${known ? `Known batches: ${known}.` : 'No batch is known yet.'}`;
}

function toOutcome(
  index: number,
  result: ITaskResult | undefined
): ITaskOutcome {
  if (result?.serialized !== undefined) {
    return { index, ok: true, data: result.serialized };
  }
  const text =
    result?.exception?.remoteText ??
    'ResultLost: The service no longer has the result of this task.';
  return { index, ok: false, data: text };
}
