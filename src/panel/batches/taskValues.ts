import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IBatch, IBatches, ITaskSnapshot, ITaskView } from '../../tokens';

/** Characters of a value that are kept: what three lines can show. */
const MAX_LENGTH = 500;

/** Values kept; more than one can have open in sight. */
const MAX_VALUES = 200;

/** What tasks returned, as text; read when somebody looks. */
export class TaskValues implements IDisposable {
  /**
   * @param batches - Where results are read. Nothing of them is executed.
   */
  constructor(batches: Pick<IBatches, 'taskView'>) {
    this._batches = batches;
  }

  /** Emitted when a value was read. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The value of a task that has ended well; `undefined` until it was read. */
  get(batch: IBatch, task: ITaskSnapshot): string | undefined {
    if (task.id === undefined || task.state !== 'success') {
      return undefined;
    }
    const value = this._values.get(task.id);
    if (value === undefined && !this._values.has(task.id)) {
      void this._read(batch.id, task.id);
    }
    return value;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private async _read(batchId: string, taskId: string): Promise<void> {
    // Asked for once, whatever comes of it.
    this._values.set(taskId, undefined);
    for (const old of this._values.keys()) {
      if (this._values.size <= MAX_VALUES) {
        break;
      }
      this._values.delete(old);
    }
    try {
      const view = await this._batches.taskView(batchId, taskId);
      this._values.set(taskId, textOf(view).slice(0, MAX_LENGTH));
    } catch {
      return;
    }
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _batches: Pick<IBatches, 'taskView'>;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _values = new Map<string, string | undefined>();
  private _isDisposed = false;
}

/** The value; without one what was printed; without either `None`. */
function textOf({ value, stdout }: ITaskView): string {
  const text = value['text/plain'];
  if (Array.isArray(text)) {
    return text.join('');
  }
  return typeof text === 'string' ? text : stdout.trimEnd() || 'None';
}
