import { UUID } from '@lumino/coreutils';

import type { IBatchOptions } from '../../sdk';
import { NotFoundError } from '../../sdk';
import type { IFunctionSource } from '../functions';
import { GatewayRefusal } from '../gateway';
import type { IService } from '../services';
import type { Vault } from '../vault/vault';
import type { Batch } from './batch';
import type { IPlannedTask } from './batchTasks';

/** Tells the gateway which batch of the vault a submission belongs to. */
const BATCH_HEADER = 'X-Globus-Compute-Batch';

/** A call to submit. */
export interface ITaskRequest extends IPlannedTask {
  /** The function to call. */
  readonly function: IFunctionSource;
  /** `[args, kwargs]`, packed as the service expects it. */
  readonly payload: string;
}

/** How tasks are run, besides their calls. */
export type ISubmitSettings = Pick<
  IBatchOptions,
  'userEndpointConfig' | 'resourceSpecification' | 'resultSerializers'
>;

/** What is submitted together. */
export interface ISubmission {
  readonly batch: Batch;
  readonly calls: readonly ITaskRequest[];
  readonly settings: ISubmitSettings;
}

/**
 * Register what the calls need, announce them to the vault and submit them,
 * in one task group.
 *
 * @throws ComputeError when the service refuses.
 * @throws GatewayRefusal when the vault cannot keep the batch.
 */
export async function submit(
  service: IService,
  vault: Pick<Vault, 'plan'>,
  submission: ISubmission,
  again = true
): Promise<void> {
  const { batch, calls, settings } = submission;
  const { client, functions } = service;
  const sources = [...new Set(calls.map(call => call.function))];
  const ids = new Map(
    await Promise.all(
      sources.map(
        async source => [source, await functions.register(source)] as const
      )
    )
  );
  const taskGroupId = batch.taskGroupId ?? ownGroup(service);
  const isKept = await announce(vault, submission, ids, taskGroupId);
  const request = client.createBatch({
    ...settings,
    taskGroupId,
    headers: isKept ? { [BATCH_HEADER]: batch.id } : undefined
  });
  for (const call of calls) {
    request.addSerialized(ids.get(call.function) ?? '', call.payload);
  }
  try {
    const receipt = await client.batchRun(batch.endpoint.id, request);
    const accepted = new Map(
      receipt.taskIds.map((id, at) => [calls[at].index, id])
    );
    batch.accept(receipt.taskGroupId, ids.values(), accepted);
  } catch (reason) {
    // A service that lost its functions takes them again, once.
    if (!again || !(reason instanceof NotFoundError)) {
      throw reason;
    }
    sources.forEach(source => functions.forget(source));
    await submit(service, vault, submission, false);
  }
}

/*
 * A group that is known before the tasks are sent finds them when the answer
 * is lost. The hosted service makes its groups itself.
 */
function ownGroup({ profile }: IService): string | undefined {
  return profile.kind === 'local' ? UUID.uuid4() : undefined;
}

/** Tell the vault what comes; returns whether there is a vault. */
async function announce(
  vault: Pick<Vault, 'plan'>,
  { batch, calls }: ISubmission,
  ids: ReadonlyMap<IFunctionSource, string>,
  taskGroupId: string | undefined
): Promise<boolean> {
  try {
    await vault.plan(batch.id, {
      title: batch.title,
      service: batch.service,
      endpoint: batch.endpoint,
      notebookPath: batch.notebookPath,
      cellId: batch.cellId,
      sourceHash: batch.sourceHash,
      created: batch.created,
      ...(taskGroupId !== undefined && { taskGroupId }),
      ...(batch.classHash !== undefined && { classHash: batch.classHash }),
      calls: calls.map(({ index, label, line, function: source }) => ({
        index,
        label,
        line,
        functionId: ids.get(source) ?? ''
      }))
    });
    return true;
  } catch (reason) {
    // A server of an earlier version has no vault, and works without.
    if (reason instanceof GatewayRefusal && reason.response.status === 404) {
      return false;
    }
    throw reason;
  }
}
