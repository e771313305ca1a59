import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import type { ComputeModel } from '../model/compute';
import { IComputeModel } from '../model/compute';
import { IServices } from '../tokens';

/** Offers the services to other plugins and extensions. */
export const servicesPlugin: JupyterFrontEndPlugin<IServices> = {
  id: 'jupyterlab-globus-compute:services',
  description: 'The compute services that the Jupyter server can reach.',
  autoStart: true,
  provides: IServices,
  requires: [IComputeModel],
  activate: (_app, compute: ComputeModel) => compute.services
};
