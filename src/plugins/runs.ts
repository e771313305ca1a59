import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { CellRuns, ICellRuns } from '../cell/run/runs';

/** Keeps track of the cells that are running. */
export const runsPlugin: JupyterFrontEndPlugin<CellRuns> = {
  id: 'jupyterlab-globus-compute:runs',
  description: 'Keeps track of the %%compute cells that are running.',
  autoStart: true,
  provides: ICellRuns,
  activate: () => new CellRuns()
};
