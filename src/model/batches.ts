import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IBatchOptions } from '../sdk';
import { NotFoundError } from '../sdk';
import type { IBatches } from '../tokens';
import type { IBatchOrigin, IPlannedTask } from './batch';
import { Batch } from './batch';
import type { IFunctionSource } from './functions';
import type { IService, Services } from './services';

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

/** The batches that were run from this JupyterLab. */
export class Batches implements IBatches {
  constructor(services: Services) {
    this._services = services;
  }

  get items(): readonly Batch[] {
    return this._items;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get(id: string): Batch | undefined {
    return this._items.find(batch => batch.id === id);
  }

  clearFinished(): void {
    for (const batch of this._items.filter(({ isFinal }) => isFinal)) {
      batch.changed.disconnect(this._onBatchChanged, this);
    }
    this._items = this._items.filter(({ isFinal }) => !isFinal);
    this._changed.emit(undefined);
  }

  /** Start a batch; nothing is sent yet. */
  create(origin: IBatchOrigin): Batch {
    const batch = new Batch(origin);
    batch.changed.connect(this._onBatchChanged, this);
    this._items = [batch, ...this._items];
    this._changed.emit(undefined);
    return batch;
  }

  /**
   * Register what the calls need and submit them to the batch's endpoint, in
   * one request and one task group. A call whose index is in the batch
   * already is another attempt of that task.
   *
   * @returns resolves when the service accepted them.
   * @throws ComputeError; the batch then says so too.
   */
  async submit(
    batch: Batch,
    calls: readonly ITaskRequest[],
    settings: ISubmitSettings = {}
  ): Promise<void> {
    batch.plan(calls);
    try {
      const service = await this._services.get(batch.service);
      await this._submit(service, batch, calls, settings);
    } catch (reason) {
      batch.fail(reason instanceof Error ? reason.message : String(reason));
      throw reason;
    }
  }

  /**
   * Follow the submitted tasks of a batch until each has ended.
   *
   * @param signal - Stops the waiting alone; the tasks are followed on.
   * @throws the signal's reason.
   */
  async settled(batch: Batch, signal?: AbortSignal): Promise<void> {
    const { poller } = await this._services.get(batch.service);
    const ids = batch.tasks.flatMap(({ id, state }) =>
      id && state !== 'success' && state !== 'failed' ? [id] : []
    );
    const watched = poller.watch(ids, result => batch.update(result));
    if (!signal) {
      return watched;
    }
    // Who stops waiting does not hear of what comes later.
    watched.catch(() => undefined);
    await Promise.race([watched, aborted(signal)]);
  }

  private async _submit(
    service: IService,
    batch: Batch,
    calls: readonly ITaskRequest[],
    settings: ISubmitSettings,
    again = true
  ): Promise<void> {
    const { client, functions } = service;
    const sources = [...new Set(calls.map(call => call.function))];
    const ids = new Map(
      await Promise.all(
        sources.map(
          async source => [source, await functions.register(source)] as const
        )
      )
    );
    const request = client.createBatch({
      ...settings,
      taskGroupId: batch.taskGroupId
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
      await this._submit(service, batch, calls, settings, false);
    }
  }

  private _onBatchChanged(): void {
    this._changed.emit(undefined);
  }

  private readonly _services: Services;
  private readonly _changed = new Signal<this, void>(this);
  private _items: readonly Batch[] = [];
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => {
      reject(
        signal.reason instanceof Error ? signal.reason : new Error('Stopped.')
      );
    };
    if (signal.aborted) {
      stop();
    }
    signal.addEventListener('abort', stop, { once: true });
  });
}
