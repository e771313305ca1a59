import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import { CellDefaults } from '../cellDefaults';
import type { CellRun } from './run';

/** The runs that have not ended, by notebook and cell. */
export class CellRuns {
  /** What `%compute_config` was given, by notebook. */
  readonly defaults = new CellDefaults();

  /** Emitted when a run began, changed or ended. */
  get changed(): ISignal<this, CellRun> {
    return this._changed;
  }

  /** The run of that cell, if it is running. */
  get(cellId: string): CellRun | undefined {
    return this._runs.get(cellId);
  }

  /** Note a run until it has ended. */
  add(run: CellRun): void {
    this._runs.set(run.cellId, run);
    run.changed.connect(this._onChanged, this);
    this._changed.emit(run);
  }

  private _onChanged(run: CellRun): void {
    if (run.phase === 'ended') {
      run.changed.disconnect(this._onChanged, this);
      if (this._runs.get(run.cellId) === run) {
        this._runs.delete(run.cellId);
      }
    }
    this._changed.emit(run);
  }

  private readonly _runs = new Map<string, CellRun>();
  private readonly _changed = new Signal<this, CellRun>(this);
}

/** Token of the {@link CellRuns}, for this extension's own plugins. */
export const ICellRuns = new Token<CellRuns>(
  'jupyterlab-globus-compute:ICellRuns',
  'The cells that are running; not for other extensions.'
);
