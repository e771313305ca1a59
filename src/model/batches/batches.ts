import { Throttler } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type {
  IBatch,
  IBatches,
  IFollowRequest,
  ITaskPage,
  ITaskQuery,
  ITaskView
} from '../../tokens';
import type { SignInGate, SignInWaiter } from '../accounts/signInGate';
import type { Services } from '../services';
import type { Landings } from '../vault/landings';
import type { Vault } from '../vault/vault';
import { toTaskSnapshot } from '../vault/vaultBatch';
import type { KnownBatch, VaultList } from '../vault/vaultList';
import type { IBatchOrigin } from './batch';
import { Batch } from './batch';
import type { ISubmitSettings, ITaskRequest } from './submission';
import { submit } from './submission';
import { toTaskView } from './taskView';

/* What a screen repaints at most; see `Batch`. */
const NOTIFY_INTERVAL_MS = 100;

/** Most tasks of a page of the vault. */
const PAGE_LENGTH = 1000;

/** How many tasks are called back at a time. */
const CANCEL_LANES = 8;

/** What the collection of batches needs. */
export interface IBatchesOptions {
  readonly services: Pick<Services, 'get' | 'find'>;
  readonly signIns: Pick<SignInGate, 'pass'>;
  readonly vault: Vault;
  readonly list: VaultList;
  readonly landings: Pick<Landings, 'client' | 'keep' | 'holds' | 'end'>;
}

/** The batches that this browser runs, and those that the vault has. */
export class Batches implements IBatches {
  constructor({ services, signIns, vault, list, landings }: IBatchesOptions) {
    this._services = services;
    this._signIns = signIns;
    this._vault = vault;
    this._list = list;
    this._landings = landings;
    list.changed.connect(() => void this._notifier.invoke());
  }

  get items(): readonly KnownBatch[] {
    return this._list.items;
  }

  get hasMore(): boolean {
    return this._list.hasMore;
  }

  get problem(): string | null {
    return this._list.problem;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get(id: string): KnownBatch | undefined {
    return this._list.get(id);
  }

  refresh(): Promise<void> {
    return this._list.refresh();
  }

  loadMore(): Promise<void> {
    return this._list.loadMore();
  }

  forget(ids: readonly string[]): Promise<void> {
    return this._list.forget(ids);
  }

  restore(ids: readonly string[]): Promise<void> {
    return this._list.restore(ids);
  }

  async clearFinished(): Promise<readonly string[]> {
    const ids = this.items.flatMap(batch => (batch.isFinal ? [batch.id] : []));
    await this.forget(ids);
    return ids;
  }

  /** Start a batch; nothing is sent yet. */
  create(origin: IBatchOrigin): Batch {
    const batch = new Batch(origin);
    this._list.addLive(batch);
    this._changed.emit(undefined);
    return batch;
  }

  /**
   * Register what the calls need and submit them to the batch's endpoint, in
   * one request and one task group. A call whose index is in the batch
   * already is another attempt of that task.
   *
   * @param waiter - Waits where a sign-in is needed first; else that is an
   * error as others are.
   * @returns resolves when the service accepted them.
   * @throws ComputeError; the batch then says so too.
   */
  async submit(
    batch: Batch,
    calls: readonly ITaskRequest[],
    settings: ISubmitSettings = {},
    waiter?: SignInWaiter
  ): Promise<void> {
    batch.plan(calls);
    this._keep(batch, calls, settings);
    // Who runs a cell writes what comes of it, while the page is there.
    const vault: Pick<Vault, 'plan'> = {
      plan: async (id, plan) => {
        const { client } = this._landings;
        await this._vault.plan(id, { ...plan, client });
        this._landings.keep(id);
      }
    };
    try {
      const service = await this._services.get(batch.service);
      const deed = (): Promise<void> =>
        submit(service, vault, { batch, calls, settings });
      // A service that asks who one is has taken nothing.
      await (waiter ? this._signIns.pass(batch.service, deed, waiter) : deed());
    } catch (reason) {
      batch.fail(reason instanceof Error ? reason.message : String(reason));
      // Nothing will come of it that this page could write.
      if (this._landings.holds(batch.id)) {
        void this._landings.end(batch.id, 'release');
      }
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
    const { results } = await this._services.get(batch.service);
    const ids = batch.tasks.flatMap(({ id, state }) =>
      id && state !== 'success' && state !== 'failed' ? [id] : []
    );
    const watched = results.watch(ids, result => batch.update(result));
    if (!signal) {
      return watched;
    }
    // Who stops waiting does not hear of what comes later.
    watched.catch(() => undefined);
    await Promise.race([watched, aborted(signal)]);
  }

  canCancel(batch: IBatch): boolean {
    const { waiting, running } = batch.counts;
    const service = this._services.find(batch.service);
    return (service?.features.cancel ?? false) && waiting + running > 0;
  }

  async cancel(id: string): Promise<void> {
    const batch = this._require(id);
    const { transport } = await this._services.get(batch.service);
    const pending = await this._pendingTasks(batch);
    const lane = async (): Promise<void> => {
      for (let taskId = pending.pop(); taskId; taskId = pending.pop()) {
        const path = `/v3/tasks/${encodeURIComponent(taskId)}`;
        await transport.request({ method: 'DELETE', path });
      }
    };
    await Promise.all(Array.from({ length: CANCEL_LANES }, lane));
  }

  canRetry(batch: IBatch): boolean {
    return batch.counts.failed > 0 && this._sent.has(batch.id);
  }

  async retry(id: string): Promise<void> {
    const batch = this._require(id);
    const sent = this._sent.get(id);
    if (!sent || !(batch instanceof Batch)) {
      throw new Error(
        'The page that ran this batch is gone, and with it what it sent. Run the cell again.'
      );
    }
    const calls = batch.tasks.flatMap(({ index, state }) => {
      const call = state === 'failed' ? sent.calls.get(index) : undefined;
      return call ? [call] : [];
    });
    await this.submit(batch, calls, sent.settings);
    void this.settled(batch);
  }

  async taskPage(id: string, query: ITaskQuery): Promise<ITaskPage> {
    const batch = this._require(id);
    if (batch instanceof Batch) {
      const { offset, limit, state } = query;
      const tasks = batch.tasks.filter(task => !state || task.state === state);
      return {
        total: tasks.length,
        tasks: tasks.slice(offset, offset + limit)
      };
    }
    const { total, tasks } = await this._vault.tasks(id, query);
    return { total, tasks: tasks.map(toTaskSnapshot) };
  }

  async taskView(id: string, taskId: string): Promise<ITaskView> {
    const { client } = await this._services.get(this._require(id).service);
    return toTaskView(await client.getTask(taskId));
  }

  exportUrl(id: string): string {
    return this._vault.exportUrl(id);
  }

  async follow(request: IFollowRequest): Promise<IBatch> {
    return this._list.adopt(await this._vault.follow(request));
  }

  private _require(id: string): KnownBatch {
    const batch = this.get(id);
    if (!batch) {
      throw new Error('This batch is not known any more.');
    }
    return batch;
  }

  /** Keep what was sent until it has succeeded, to send it again if asked. */
  private _keep(
    batch: Batch,
    calls: readonly ITaskRequest[],
    settings: ISubmitSettings
  ): void {
    const known = this._sent.get(batch.id);
    const sent = known ?? { calls: new Map<number, ITaskRequest>(), settings };
    calls.forEach(call => sent.calls.set(call.index, call));
    this._sent.set(batch.id, sent);
    if (known) {
      return;
    }
    batch.changed.connect(() => {
      if (batch.isFinal) {
        for (const { index, state } of batch.tasks) {
          if (state === 'success') {
            sent.calls.delete(index);
          }
        }
      }
    });
  }

  private async _pendingTasks(batch: KnownBatch): Promise<string[]> {
    const found: string[] = [];
    let total = 1;
    for (let offset = 0; offset < total; offset += PAGE_LENGTH) {
      const page = await this.taskPage(batch.id, {
        offset,
        limit: PAGE_LENGTH
      });
      total = page.total;
      for (const { id, state } of page.tasks) {
        if (id && state !== 'success' && state !== 'failed') {
          found.push(id);
        }
      }
    }
    return found;
  }

  private readonly _services: Pick<Services, 'get' | 'find'>;
  private readonly _signIns: Pick<SignInGate, 'pass'>;
  private readonly _vault: Vault;
  private readonly _list: VaultList;
  private readonly _landings: Pick<
    Landings,
    'client' | 'keep' | 'holds' | 'end'
  >;
  private readonly _sent = new Map<
    string,
    {
      readonly calls: Map<number, ITaskRequest>;
      readonly settings: ISubmitSettings;
    }
  >();
  private readonly _changed = new Signal<this, void>(this);
  private readonly _notifier = new Throttler(
    () => this._changed.emit(undefined),
    { limit: NOTIFY_INTERVAL_MS, edge: 'trailing' }
  );
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
