import type { ServerConnection } from '@jupyterlab/services';
import { Token } from '@lumino/coreutils';

import { Batches } from './batches';
import { Endpoints } from './endpoints';
import { Gateway } from './gateway';
import { Services } from './services';

/** What this JupyterLab knows of compute services, as its own rooms see it. */
export class ComputeModel {
  constructor(settings: ServerConnection.ISettings) {
    this.services = new Services(new Gateway(settings));
    this.endpoints = new Endpoints(this.services);
    this.batches = new Batches(this.services);
  }

  readonly services: Services;
  readonly endpoints: Endpoints;
  readonly batches: Batches;
}

/** Token of the {@link ComputeModel}, for this extension's own plugins. */
export const IComputeModel = new Token<ComputeModel>(
  'jupyterlab-globus-compute:IComputeModel',
  'What this JupyterLab knows of compute services; not for other extensions.'
);
