import type { Kernel } from '@jupyterlab/services';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { watchKernel } from './run/kernelLife';

/**
 * What `%compute_config` was given in each notebook's kernel, as it was last
 * seen: for display. A run asks the kernel itself.
 */
export class CellDefaults {
  /** Emitted with the path of the notebook whose defaults changed. */
  get changed(): ISignal<this, string> {
    return this._changed;
  }

  /**
   * The options that hold for every cell of a notebook, as a line for
   * `parseMagic`; empty if there are none.
   *
   * @param notebookPath - Its path, relative to the server's root.
   */
  get(notebookPath: string): string {
    return this._lines.get(notebookPath) ?? '';
  }

  /** Note what a notebook's kernel has told; it is void when the kernel is. */
  note(
    notebookPath: string,
    line: string,
    kernel: Pick<Kernel.IKernelConnection, 'statusChanged' | 'disposed'>
  ): void {
    if (!this._watched.has(kernel)) {
      this._watched.add(kernel);
      watchKernel(kernel, () => this._set(notebookPath, ''));
    }
    this._set(notebookPath, line);
  }

  private _set(notebookPath: string, line: string): void {
    if (line !== this.get(notebookPath)) {
      this._lines.set(notebookPath, line);
      this._changed.emit(notebookPath);
    }
  }

  private readonly _lines = new Map<string, string>();
  private readonly _watched = new WeakSet<object>();
  private readonly _changed = new Signal<this, string>(this);
}
