import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import type { ComputeModel } from '../model/compute';
import { IComputeModel } from '../model/compute';
import { keepInSettings } from '../model/keptInSettings';
import { IEndpoints } from '../tokens';

const PLUGIN_ID = 'jupyterlab-globus-compute:endpoints';

/** Offers the endpoints to other plugins and extensions. */
export const endpointsPlugin: JupyterFrontEndPlugin<IEndpoints> = {
  id: PLUGIN_ID,
  description: 'The endpoints that this JupyterLab can reach.',
  autoStart: true,
  provides: IEndpoints,
  requires: [IComputeModel],
  optional: [ISettingRegistry],
  activate: (app, compute: ComputeModel, registry: ISettingRegistry | null) => {
    if (registry) {
      // Without its settings, choices hold until the page is closed.
      keepInSettings(registry, PLUGIN_ID, compute.endpointChoices).catch(
        () => undefined
      );
    }
    app.serviceManager.contents.fileChanged.connect((_, change) => {
      const { type, oldValue, newValue } = change;
      if (type === 'rename' && oldValue?.path && newValue?.path) {
        compute.endpointChoices.move(oldValue.path, newValue.path);
      }
    });
    return compute.endpoints;
  }
};
