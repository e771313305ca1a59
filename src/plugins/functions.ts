import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import type { ComputeModel } from '../model/compute';
import { IComputeModel } from '../model/compute';
import { keepInSettings } from '../model/keptInSettings';
import { IFunctions } from '../tokens';

const PLUGIN_ID = 'jupyterlab-globus-compute:functions';

/** Offers the functions to other plugins and extensions. */
export const functionsPlugin: JupyterFrontEndPlugin<IFunctions> = {
  id: PLUGIN_ID,
  description: 'The functions that were registered or used from here.',
  autoStart: true,
  provides: IFunctions,
  requires: [IComputeModel],
  optional: [ISettingRegistry],
  activate: (
    _app,
    compute: ComputeModel,
    registry: ISettingRegistry | null
  ) => {
    if (registry) {
      // Without its settings, they are known until the page is closed.
      keepInSettings(registry, PLUGIN_ID, compute.registeredFunctions).catch(
        () => undefined
      );
    }
    return compute.functions;
  }
};
