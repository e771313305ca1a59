import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { NotebookBars } from '../cell/bars';
import type { CellRuns } from '../cell/runs';
import { ICellRuns } from '../cell/runs';
import { IBatches, IEndpoints } from '../tokens';

/** Shows a bar above the input of every `%%compute` cell. */
export const barPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:bar',
  description: 'Shows a bar above the input of every %%compute cell.',
  autoStart: true,
  requires: [IEndpoints, IBatches, ICellRuns],
  optional: [ITranslator],
  activate: (
    app,
    endpoints: IEndpoints,
    batches: IBatches,
    runs: CellRuns,
    translator: ITranslator | null
  ) => {
    app.docRegistry.addWidgetExtension(
      'Notebook',
      new NotebookBars({
        endpoints,
        batches,
        runs,
        commands: app.commands,
        translator: translator ?? nullTranslator
      })
    );
  }
};
