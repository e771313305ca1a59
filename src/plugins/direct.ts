import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import type { ComputeModel } from '../model/compute';
import { IComputeModel } from '../model/compute';
import type { IDirectService } from '../model/direct/directSettings';
import { readDirectServices } from '../model/direct/directSettings';
import { ILoginManagers } from '../tokens';

const PLUGIN_ID = 'jupyterlab-globus-compute:direct';

/**
 * Lets the browser talk to services itself, where the Jupyter server does not
 * have this extension and the settings name them; takes login managers.
 */
export const directPlugin: JupyterFrontEndPlugin<ILoginManagers> = {
  id: PLUGIN_ID,
  description:
    'Lets the browser talk to compute services itself, without a server extension.',
  autoStart: true,
  provides: ILoginManagers,
  requires: [IComputeModel],
  optional: [ISettingRegistry],
  activate: (
    _app,
    compute: ComputeModel,
    registry: ISettingRegistry | null
  ) => {
    if (registry) {
      compute.direct.use(load(registry));
    }
    return compute.loginManagers;
  }
};

async function load(
  registry: ISettingRegistry
): Promise<readonly IDirectService[]> {
  const { composite } = await registry.load(PLUGIN_ID);
  return readDirectServices(composite['services']);
}
