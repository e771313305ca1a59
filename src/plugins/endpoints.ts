import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import type { ComputeModel } from '../model/compute';
import { IComputeModel } from '../model/compute';
import { IEndpoints } from '../tokens';

/** Offers the endpoints to other plugins and extensions. */
export const endpointsPlugin: JupyterFrontEndPlugin<IEndpoints> = {
  id: 'jupyterlab-globus-compute:endpoints',
  description: 'The endpoints that this JupyterLab can reach.',
  autoStart: true,
  provides: IEndpoints,
  requires: [IComputeModel],
  activate: (_app, compute: ComputeModel) => compute.endpoints
};
