import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import type { ComputeModel } from '../model/compute';
import { IComputeModel } from '../model/compute';
import { IFunctions } from '../tokens';

/** Offers the functions to other plugins and extensions. */
export const functionsPlugin: JupyterFrontEndPlugin<IFunctions> = {
  id: 'jupyterlab-globus-compute:functions',
  description: 'The functions that were registered or used from here.',
  autoStart: true,
  provides: IFunctions,
  requires: [IComputeModel],
  activate: (_app, compute: ComputeModel) => compute.functions
};
