import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import type { ComputeModel } from '../model/compute';
import { IComputeModel } from '../model/compute';
import { IBatches } from '../tokens';

/** Offers the batches to other plugins and extensions. */
export const batchesPlugin: JupyterFrontEndPlugin<IBatches> = {
  id: 'jupyterlab-globus-compute:batches',
  description: 'The batches that were run from this JupyterLab.',
  autoStart: true,
  provides: IBatches,
  requires: [IComputeModel],
  activate: (_app, compute: ComputeModel) => compute.batches
};
