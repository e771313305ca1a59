import { CodeCell } from '@jupyterlab/cells';
import type { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { Widget } from '@lumino/widgets';

import { sourceHash } from '../model/batches/sourceHash';

/* While a person types, the answer waits. */
const PAUSE_MS = 300;

/** Tells whether a cell has another text than the one that was run. */
export class EditWatch implements IDisposable {
  /** Whether it has; `false` while that is not known. */
  get isEdited(): boolean {
    return this._isEdited;
  }

  /** Emitted when the answer changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._debouncer.isDisposed;
  }

  /**
   * Watch a cell.
   *
   * @param cell - The cell; `null` for none.
   * @param hash - SHA-256 of the text that was run, in hex; empty if unknown.
   */
  watch(cell: CodeCell | null, hash: string): void {
    if (cell === this._cell && hash === this._hash) {
      return;
    }
    this._forget();
    this._cell = hash ? cell : null;
    this._hash = hash;
    this._cell?.model.sharedModel.changed.connect(this._onChanged, this);
    void this._compare();
  }

  dispose(): void {
    if (!this.isDisposed) {
      this._forget();
      this._debouncer.dispose();
      Signal.clearData(this);
    }
  }

  private _forget(): void {
    const { _cell: cell } = this;
    if (cell && !cell.isDisposed) {
      cell.model.sharedModel.changed.disconnect(this._onChanged, this);
    }
    this._cell = null;
  }

  private _onChanged(): void {
    // Rejects when it is disposed of meanwhile, and then nobody asks.
    this._debouncer.invoke().catch(() => undefined);
  }

  private async _compare(): Promise<void> {
    const { _cell: cell, _hash: hash } = this;
    const isEdited =
      cell !== null &&
      !cell.isDisposed &&
      isOther(await sourceHash(cell.model.sharedModel.getSource()), hash);
    const isStill = cell === this._cell && hash === this._hash;
    if (isStill && !this.isDisposed && isEdited !== this._isEdited) {
      this._isEdited = isEdited;
      this._changed.emit();
    }
  }

  private readonly _changed = new Signal<this, void>(this);
  private readonly _debouncer = new Debouncer(() => this._compare(), PAUSE_MS);
  private _cell: CodeCell | null = null;
  private _hash = '';
  private _isEdited = false;
}

/** The cell that a widget is shown in; `null` if it is in none. */
export function cellOf(widget: Widget): CodeCell | null {
  for (let node = widget.parent; node; node = node.parent) {
    if (node instanceof CodeCell) {
      return node;
    }
  }
  return null;
}

/** An empty hash is one that could not be computed. */
function isOther(hash: string, expected: string): boolean {
  return hash !== '' && hash !== expected;
}
