import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { IMimeBundle } from '@jupyterlab/nbformat';
import type { INotebookModel } from '@jupyterlab/notebook';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { Landings } from '../../model/vault/landings';
import type { LateResults } from '../../model/vault/lateResults';
import type { Vault } from '../../model/vault/vault';
import { VaultBatch } from '../../model/vault/vaultBatch';
import type { KnownBatch, VaultList } from '../../model/vault/vaultList';
import type { IBatchSnapshot } from '../../tokens';
import { DocumentSaver } from './documentSaver';
import { inertOutput } from './inertOutput';
import { codeCell, identityIn, stateOf, writeLate } from './lateCell';
import { lateNote } from './lateNote';
import { lateOutputs } from './lateOutputs';
import { nextSave } from './nextSave';

/** How many batches of a notebook are looked at. */
const MAX_BATCHES = 500;

/** How often results that another browser holds are claimed again. */
const RETRY = { interval: 5000, backoff: 1.5, max: 30_000 };

/** What late landing needs from the rest of the house. */
export interface ILateServices {
  readonly vault: Pick<Vault, 'list'>;
  readonly list: Pick<VaultList, 'adopt' | 'refresh' | 'items' | 'changed'>;
  readonly landings: Pick<Landings, 'claim' | 'end'>;
  readonly results: Pick<LateResults, 'hold' | 'read'>;
  /** How a batch is written into the notebook. */
  readonly toMimeBundle: (snapshot: IBatchSnapshot) => IMimeBundle;
  /** Whether a batch ran where only this person's code answers. */
  readonly isMine: (batch: KnownBatch) => boolean;
  /** Makes markup harmless that came from elsewhere. */
  readonly sanitizer: IRenderMime.ISanitizer;
  /** Whether a cell runs in this page. */
  readonly isRunning: (cellId: string) => boolean;
}

/**
 * Brings the cells of a notebook up to date with what came while no page
 * waited for it. Which cells and what they get is the vault's word; the
 * notebook only says what it shows already.
 */
export class LateLanding implements IDisposable {
  constructor(
    services: ILateServices,
    context: DocumentRegistry.IContext<INotebookModel>
  ) {
    this._services = services;
    this._context = context;
    this._saver = new DocumentSaver(context);
    this._retry = new Poll({
      auto: false,
      factory: () => this._landAll(),
      frequency: RETRY,
      name: 'jupyterlab-globus-compute:late-landing',
      standby: 'never'
    });
  }

  get isDisposed(): boolean {
    return this._retry.isDisposed;
  }

  /** Read what the vault has for this notebook, and land it. */
  async start(): Promise<void> {
    const { vault, list } = this._services;
    const { batches } = await vault.list({
      notebook: this._context.path,
      limit: MAX_BATCHES
    });
    const seen = new Set<string>();
    for (const record of batches) {
      // Newest first: what an earlier run of a cell left is past.
      if (seen.has(record.cellId) || record.origin !== 'cell') {
        continue;
      }
      seen.add(record.cellId);
      this._follow(list.adopt(record));
    }
    const { collaborative } = this._context.model;
    if (collaborative) {
      // Those that others start from now on: who starts one may leave.
      list.changed.connect(this._onList, this);
    }
    if (collaborative || [...this._open.keys()].some(batch => !batch.isFinal)) {
      // To hear when they end.
      await list.refresh();
    }
    await this._landAll();
  }

  dispose(): void {
    this._retry.dispose();
    this._saver.dispose();
    this._services.list.changed.disconnect(this._onList, this);
    this._open.clear();
    Signal.clearData(this);
  }

  private _follow(batch: KnownBatch): void {
    const cell = codeCell(this._context.model, batch.cellId);
    const state = cell && stateOf(cell, batch);
    if (state?.kind === 'behind') {
      this._open.set(batch, keyOf(batch));
      // Of either kind, a batch says so itself.
      (batch.changed as ISignal<KnownBatch, void>).connect(
        this._onChanged,
        this
      );
    }
  }

  private _onList(): void {
    for (const batch of this._services.list.items) {
      if (
        batch instanceof VaultBatch &&
        batch.origin === 'cell' &&
        batch.notebookPath === this._context.path &&
        !batch.isFinal &&
        !this._open.has(batch)
      ) {
        this._follow(batch);
      }
    }
  }

  private _onChanged(batch: KnownBatch): void {
    // Holding its tasks changes a batch too, and is no news.
    const key = keyOf(batch);
    if (this._open.has(batch) && this._open.get(batch) !== key) {
      this._open.set(batch, key);
      void this._landAll();
    }
  }

  /** Land what can be landed; the rest is tried again. */
  private _landAll(): Promise<void> {
    this._landing = this._landing.then(async () => {
      for (const batch of [...this._open.keys()]) {
        if (this.isDisposed) {
          return;
        }
        try {
          await this._land(batch);
        } catch {
          // The gateway or the service is away: it is tried again below.
        }
      }
      const waits = [...this._open.keys()].some(batch => batch.isFinal);
      if (!this.isDisposed) {
        void (waits ? this._retry.start() : this._retry.stop());
      }
    });
    return this._landing;
  }

  private async _land(batch: KnownBatch): Promise<void> {
    const { landings, results, isRunning } = this._services;
    // The card tells of the vault's tasks, whoever writes them.
    await results.hold(batch);
    if (!batch.isFinal || isRunning(batch.cellId)) {
      return;
    }
    if (!(await landings.claim(batch.id))) {
      if (batch.landed) {
        this._close(batch);
      }
      return;
    }
    try {
      const { isSaved } = await this._write(batch);
      // The claim holds until the file has what was written.
      void isSaved.then(saved =>
        landings.end(batch.id, saved ? 'landed' : 'release')
      );
    } catch (reason) {
      await landings.end(batch.id, 'release');
      throw reason;
    }
  }

  /**
   * Write what came into its cell.
   *
   * @returns gives whether it is in the saved file, as soon as that is known.
   */
  private async _write(
    batch: KnownBatch
  ): Promise<{ readonly isSaved: Promise<boolean> }> {
    const { results, isRunning, isMine, sanitizer, toMimeBundle } =
      this._services;
    const tasks = await results.read(batch);
    // A person may have run, moved or deleted the cell in the meantime.
    const cell = codeCell(this._context.model, batch.cellId);
    const state = cell && stateOf(cell, batch);
    this._close(batch);
    if (!cell || isRunning(batch.cellId) || state?.kind !== 'behind') {
      return { isSaved: Promise.resolve(false) };
    }
    const wasClean = this._saver.isClean;
    batch.land(lateNote(batch));
    const came = lateOutputs(tasks.slice(state.landed));
    const outputs = isMine(batch)
      ? came
      : came.map(output => inertOutput(output, sanitizer));
    const snapshot = {
      identity: identityIn(cell, batch.id),
      ...batch.snapshot()
    };
    writeLate(cell, batch.id, toMimeBundle(snapshot), outputs);
    const isSaved = nextSave(this._context);
    if (wasClean) {
      // Nothing of a person's is saved along.
      this._saver.save();
    }
    return { isSaved };
  }

  private _close(batch: KnownBatch): void {
    this._open.delete(batch);
    (batch.changed as ISignal<KnownBatch, void>).disconnect(
      this._onChanged,
      this
    );
  }

  private readonly _services: ILateServices;
  private readonly _context: DocumentRegistry.IContext<INotebookModel>;
  private readonly _saver: DocumentSaver;
  private readonly _open = new Map<KnownBatch, string>();
  private readonly _retry: Poll;
  private _landing = Promise.resolve();
}

/** What makes it worth looking at a batch again. */
function keyOf({ state, landed }: KnownBatch): string {
  return `${state} ${landed}`;
}
