import { VDomModel } from '@jupyterlab/ui-components';

import type { IBatch, IBatches, IBatchSnapshot } from '../tokens';

import { readSnapshot } from './snapshot';

/**
 * What one card shows: the snapshot saved in the notebook or, as soon as and
 * as long as this JupyterLab knows the batch, the batch itself.
 */
export class CardModel extends VDomModel {
  /**
   * @param batches - The batches this JupyterLab knows.
   */
  constructor(batches: IBatches) {
    super();
    this._batches = batches;
    batches.changed.connect(this._follow, this);
  }

  /** The data that was last set, as it came. */
  get data(): unknown {
    return this._data;
  }

  /** What to show; `undefined` if the data is no batch snapshot. */
  get snapshot(): IBatchSnapshot | undefined {
    // Of a batch that is only known by name the notebook tells more.
    return this._batch?.hasTasks ? this._batch.snapshot() : this._saved;
  }

  /** The batch that is followed, if any. */
  get batch(): IBatch | undefined {
    return this._batch;
  }

  /**
   * Show another saved snapshot. May be called at any time and repeatedly.
   *
   * @param data - What the output holds under the batch MIME type; not trusted.
   */
  setData(data: unknown): void {
    this._data = data;
    this._saved = readSnapshot(data);
    this._follow();
    this.stateChanged.emit();
  }

  /** Follow the batch no longer. */
  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._batches.changed.disconnect(this._follow, this);
    this._batch?.changed.disconnect(this._onBatchChanged, this);
    super.dispose();
  }

  /** Follow the batch of the saved snapshot, if it is known by now. */
  private _follow(): void {
    const next = this._saved && this._batches.get(this._saved.id);
    const last = this._batch;
    if (next === last) {
      return;
    }
    if (last) {
      last.changed.disconnect(this._onBatchChanged, this);
      // A batch that was forgotten stays on the card as it was seen last,
      // which is later than what the notebook may have saved.
      if (last.id === this._saved?.id) {
        this._saved = last.snapshot();
      }
    }
    next?.changed.connect(this._onBatchChanged, this);
    this._batch = next;
    this.stateChanged.emit();
  }

  private _onBatchChanged(): void {
    this.stateChanged.emit();
  }

  private readonly _batches: IBatches;
  private _batch: IBatch | undefined;
  private _data: unknown;
  private _saved: IBatchSnapshot | undefined;
}
