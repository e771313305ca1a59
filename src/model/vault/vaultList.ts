import { Poll } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { Batch } from '../batches/batch';
import type { IBatchNews } from '../events';
import { GatewayRefusal } from '../gateway';
import type { IBatchRecord, Vault } from './vault';
import { VaultBatch } from './vaultBatch';

/** How many batches are read at a time. */
const PAGE_LENGTH = 200;

/** How often the vault is read while no events come, in milliseconds. */
const POLL = { interval: 5000, backoff: true, max: 60_000 };

/** What the list hears of the vault. */
export interface IBatchEvents {
  readonly isLive: boolean;
  readonly batches: ISignal<unknown, IBatchNews>;
  readonly gap: ISignal<unknown, void>;
  start(): void;
}

/** A batch that this browser runs, or one that the vault alone has. */
export type KnownBatch = Batch | VaultBatch;

/**
 * The batches by their ids, newest first: this browser's own, and as many of
 * the vault's as were asked for. A batch that is both is there once, as this
 * browser's own.
 */
export class VaultList {
  constructor(
    vault: Pick<Vault, 'list' | 'get' | 'forget' | 'restore'>,
    events: IBatchEvents
  ) {
    this._vault = vault;
    this._events = events;
    this._poll = new Poll({
      auto: false,
      factory: () => this._read(),
      frequency: POLL,
      name: 'jupyterlab-globus-compute:batches',
      standby: () => events.isLive || 'when-hidden'
    });
  }

  get items(): readonly KnownBatch[] {
    this._sorted ??= [...this._byId.values()]
      // Of two of the same moment, too, the later one comes first.
      .reverse()
      .sort((a, b) => b.created - a.created);
    return this._sorted;
  }

  get hasMore(): boolean {
    return this._hasMore;
  }

  get problem(): string | null {
    return this._problem;
  }

  /** Emitted when a batch was added, changed or forgotten. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get(id: string): KnownBatch | undefined {
    return this._byId.get(id);
  }

  /** Add a batch that this browser runs. */
  addLive(batch: Batch): void {
    batch.changed.connect(this._onChanged, this);
    this._put(batch);
  }

  /** Take in what the vault says of a batch. */
  adopt(record: IBatchRecord): KnownBatch {
    const known = this._byId.get(record.id);
    if (known instanceof Batch) {
      known.adopt(record);
      return known;
    }
    if (known) {
      known.become(record);
      this._onChanged();
      return known;
    }
    const batch = new VaultBatch(record);
    this._put(batch);
    return batch;
  }

  /** Read the newest batches and follow them from now on; never rejects. */
  async refresh(): Promise<void> {
    const isFirst = !this._isFollowing;
    if (isFirst) {
      this._isFollowing = true;
      this._events.batches.connect(this._onNews, this);
      this._events.gap.connect(this._onGap, this);
    }
    await this._read();
    if (isFirst && this._hasVault) {
      this._events.start();
      void this._poll.start();
    }
  }

  /** Read the next older batches; never rejects. */
  async loadMore(): Promise<void> {
    await this._guard(async () => {
      const { batches } = await this._vault.list({
        limit: PAGE_LENGTH,
        before: this._oldest
      });
      this._takePage(batches);
    });
  }

  /** See `IBatches.forget`. */
  async forget(ids: readonly string[]): Promise<void> {
    const gone = ids.flatMap(id => this._byId.get(id) ?? []);
    gone.forEach(batch => {
      this._remove(batch.id);
    });
    const outcomes = await Promise.allSettled(
      gone.map(({ id }) => this._vault.forget(id))
    );
    outcomes.forEach((outcome, at) => {
      // What the vault never had, it need not forget.
      if (outcome.status === 'rejected' && !isUnknown(outcome.reason)) {
        this._put(gone[at]);
      }
    });
    const failure = outcomes.find(
      outcome => outcome.status === 'rejected' && !isUnknown(outcome.reason)
    );
    if (failure) {
      throw (failure as PromiseRejectedResult).reason;
    }
  }

  /** See `IBatches.restore`. */
  async restore(ids: readonly string[]): Promise<void> {
    await Promise.all(
      ids.map(async id => {
        const live = this._forgotten.get(id);
        this._forgotten.delete(id);
        try {
          await this._vault.restore(id);
          const record = await this._vault.get(id);
          if (live) {
            this._put(live);
          }
          this.adopt(record);
        } catch (reason) {
          if (!live || !isUnknown(reason)) {
            throw reason;
          }
          this._put(live);
        }
      })
    );
  }

  private _read(): Promise<void> {
    return this._guard(async () => {
      const { batches } = await this._vault.list({ limit: PAGE_LENGTH });
      this._takePage(batches);
    });
  }

  private _takePage(batches: readonly IBatchRecord[]): void {
    batches.forEach(record => this.adopt(record));
    const oldest = batches.at(-1)?.created;
    if (oldest !== undefined && oldest < (this._oldest ?? Infinity)) {
      this._oldest = oldest;
      this._hasMore = batches.length === PAGE_LENGTH;
    }
  }

  private async _guard(reading: () => Promise<void>): Promise<void> {
    try {
      await reading();
      this._problem = null;
    } catch (reason) {
      // A server of an earlier version, or one without this extension, has no
      // vault: nothing to complain of, and nothing to follow.
      this._hasVault = !isUnknown(reason);
      this._problem =
        reason instanceof Error && this._hasVault ? reason.message : null;
    }
    this._onChanged();
  }

  private _onNews(_: unknown, { batches, removed }: IBatchNews): void {
    batches.forEach(record => this.adopt(record));
    removed.forEach(id => {
      this._remove(id);
    });
  }

  private _onGap(): void {
    if (this._events.isLive) {
      void this._read();
    }
  }

  private _put(batch: KnownBatch): void {
    this._byId.set(batch.id, batch);
    this._forgotten.delete(batch.id);
    this._sorted = null;
    this._onChanged();
  }

  private _remove(id: string): void {
    const batch = this._byId.get(id);
    if (batch instanceof Batch) {
      this._forgotten.set(id, batch);
    }
    if (this._byId.delete(id)) {
      this._sorted = null;
      this._onChanged();
    }
  }

  private _onChanged(): void {
    this._changed.emit(undefined);
  }

  private readonly _vault: Pick<Vault, 'list' | 'get' | 'forget' | 'restore'>;
  private readonly _events: IBatchEvents;
  private readonly _poll: Poll;
  private readonly _byId = new Map<string, KnownBatch>();
  private readonly _forgotten = new Map<string, Batch>();
  private readonly _changed = new Signal<this, void>(this);
  private _sorted: readonly KnownBatch[] | null = null;
  private _oldest: number | undefined;
  private _hasMore = false;
  private _problem: string | null = null;
  private _isFollowing = false;
  private _hasVault = true;
}

function isUnknown(reason: unknown): boolean {
  return reason instanceof GatewayRefusal && reason.response.status === 404;
}
