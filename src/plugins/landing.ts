import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Sanitizer } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';

import { toMimeBundle } from '../card/staticForm';
import { LateLanding } from '../cell/late/lateLanding';
import { RunLandings } from '../cell/run/runLandings';
import type { CellRuns } from '../cell/run/runs';
import { ICellRuns } from '../cell/run/runs';
import type { ComputeModel } from '../model/compute';
import { IComputeModel } from '../model/compute';
import type { IBatch } from '../tokens';

/** Brings results into notebooks that came while nobody waited for them. */
export const landingPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:landing',
  description:
    'Brings results into notebooks that came while they were closed.',
  autoStart: true,
  requires: [INotebookTracker, IComputeModel, ICellRuns],
  optional: [IRenderMimeRegistry],
  activate: (
    _app,
    tracker: INotebookTracker,
    compute: ComputeModel,
    runs: CellRuns,
    rendermime: IRenderMimeRegistry | null
  ) => {
    const { vault, list, landings, results } = compute;
    window.addEventListener('pagehide', () => {
      landings.leave();
    });
    new RunLandings(runs, tracker, landings);
    const follow = async ({ context }: NotebookPanel): Promise<void> => {
      await context.ready;
      if (context.isDisposed) {
        return;
      }
      const landing = new LateLanding(
        {
          vault,
          list,
          landings,
          results,
          toMimeBundle,
          isMine: batch => isMine(compute, batch),
          sanitizer: rendermime?.sanitizer ?? new Sanitizer(),
          isRunning: cellId => runs.get(cellId) !== undefined
        },
        context
      );
      context.disposed.connect(() => {
        landing.dispose();
      });
      await landing.start();
    };
    tracker.widgetAdded.connect((_, panel) => {
      // Without a vault to be read there is nothing to land; the panel says
      // why it cannot be read.
      follow(panel).catch(() => undefined);
    });
  }
};

/** What an endpoint of somebody else sends is not taken for one's own. */
function isMine({ services, endpoints }: ComputeModel, batch: IBatch): boolean {
  return (
    services.find(batch.service)?.kind === 'local' ||
    endpoints.items.some(
      ({ id, isOwned }) => id === batch.endpoint.id && isOwned === true
    )
  );
}
