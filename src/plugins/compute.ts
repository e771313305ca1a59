import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { ComputeModel, IComputeModel } from '../model/compute';

/** Makes the one model that the other plugins share. */
export const computePlugin: JupyterFrontEndPlugin<ComputeModel> = {
  id: 'jupyterlab-globus-compute:compute',
  description: 'Reaches compute services through the Jupyter server.',
  autoStart: true,
  provides: IComputeModel,
  activate: app => new ComputeModel(app.serviceManager.serverSettings)
};
