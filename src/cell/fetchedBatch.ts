import type { IMimeBundle } from '@jupyterlab/nbformat';

import type { IFetchedBatch } from '../kernel/bridge';
import type { ITaskOutcome } from '../kernel/bridgeSession';
import { isActive } from '../model/format';
import type { IService } from '../model/services';
import type { ITaskResult } from '../sdk';
import type { IBatch, IBatches, IBatchSnapshot } from '../tokens';
import { messageOf } from './explain';

/** How many names of batches a message lists. */
const LISTED_NAMES = 5;

/** How many tasks are asked for at a time. */
const PAGE_LENGTH = 1000;

/** What fetching a batch again needs. */
export interface IFetchServices {
  readonly batches: Pick<IBatches, 'items' | 'refresh' | 'taskPage'>;
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
  const { batches } = services;
  let batch = findBatch(batches.items, asked);
  if (!batch) {
    // What was run before this browser came is in the vault.
    await batches.refresh();
    batch = findBatch(batches.items, asked);
  }
  if (!batch) {
    return { ...none, problem: explainMissing(batches.items, asked) };
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
    const ids = await taskIds(batches, batch.id);
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

function findBatch(
  items: readonly IBatch[],
  asked: string
): IBatch | undefined {
  return items.find(
    batch =>
      batch.title === asked ||
      batch.id === asked ||
      batch.taskGroupId === asked ||
      batch.tasks.some(({ id }) => id === asked)
  );
}

async function taskIds(
  batches: Pick<IBatches, 'taskPage'>,
  id: string
): Promise<string[]> {
  const found: string[] = [];
  let total = 1;
  for (let offset = 0; offset < total; offset += PAGE_LENGTH) {
    const page = await batches.taskPage(id, { offset, limit: PAGE_LENGTH });
    total = page.total;
    found.push(...page.tasks.flatMap(task => (task.id ? [task.id] : [])));
  }
  return found;
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
