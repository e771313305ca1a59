import type { IDisposable } from '@lumino/disposable';
import { Throttler } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { isActive } from '../../model/format';
import type { IBatch, IBatches } from '../../tokens';

/** How often the batches are looked through, in milliseconds. */
const LOOK_INTERVAL_MS = 250;

/**
 * Tells of batches that end: those alone that ran while it watched, not those
 * that had ended when this JupyterLab learned of them.
 */
export class EndWatch implements IDisposable {
  /**
   * @param batches - The batches this JupyterLab knows.
   */
  constructor(batches: IBatches) {
    this._batches = batches;
    this._looker = new Throttler(
      () => {
        this._look();
      },
      { limit: LOOK_INTERVAL_MS, edge: 'trailing' }
    );
    batches.changed.connect(this._onBatchesChanged, this);
    this._look();
  }

  /** Emitted with each batch that has ended. */
  get ended(): ISignal<this, IBatch> {
    return this._ended;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._batches.changed.disconnect(this._onBatchesChanged, this);
    this._looker.dispose();
    Signal.clearData(this);
  }

  private _onBatchesChanged(): void {
    void this._looker.invoke();
  }

  private _look(): void {
    const ended: IBatch[] = [];
    for (const batch of this._batches.items) {
      const { id, created } = batch;
      // A batch may begin and end between two looks.
      const ran = this._runs.get(id) ?? created >= this._since;
      const runs = isActive(batch.state);
      this._runs.set(id, runs);
      if (ran && !runs) {
        ended.push(batch);
      }
    }
    ended.forEach(batch => {
      this._ended.emit(batch);
    });
  }

  private readonly _batches: IBatches;
  private readonly _looker: Throttler;
  private readonly _ended = new Signal<this, IBatch>(this);
  /** Whether each batch was running when it was looked at last, by its id. */
  private readonly _runs = new Map<string, boolean>();
  /** Since when batches are watched, in seconds since the epoch. */
  private readonly _since = Date.now() / 1000;
  private _isDisposed = false;
}

/** How long a batch took that has ended, in seconds. */
export function lengthOf({ created, ended }: IBatch): number {
  return ended === undefined ? 0 : ended - created;
}
