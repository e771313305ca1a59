import type { INotebookTracker } from '@jupyterlab/notebook';

import type { Landings } from '../../model/vault/landings';
import { nextSave } from '../late/nextSave';
import type { CellRun } from './run';
import type { CellRuns } from './runs';

/**
 * Tells the vault what became of the results of the runs of this page: that
 * they are in the saved notebook, or that somebody else may write them.
 */
export class RunLandings {
  constructor(
    runs: Pick<CellRuns, 'changed'>,
    tracker: Pick<INotebookTracker, 'find'>,
    landings: Pick<Landings, 'end'>
  ) {
    this._tracker = tracker;
    this._landings = landings;
    runs.changed.connect(this._onChanged, this);
  }

  private _onChanged(_: unknown, run: CellRun): void {
    if (run.phase === 'ended' && run.batch?.landed) {
      const { id, notebookPath } = run.batch;
      const panel = this._tracker.find(
        ({ context }) => context.path === notebookPath
      );
      const isSaved = panel ? nextSave(panel.context) : Promise.resolve(false);
      void isSaved.then(saved =>
        this._landings.end(id, saved ? 'landed' : 'release')
      );
    } else if (run.phase === 'ended' && run.batch) {
      void this._landings.end(run.batch.id, 'release');
    }
  }

  private readonly _tracker: Pick<INotebookTracker, 'find'>;
  private readonly _landings: Pick<Landings, 'end'>;
}
