import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';

import type { ComputeModel } from '../model/compute';
import { IComputeModel } from '../model/compute';
import type { EndpointChoices } from '../model/endpoints/endpointChoices';
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
      keep(compute.endpointChoices, registry).catch(() => undefined);
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

/** Read what was chosen from the settings, and keep there what is chosen. */
async function keep(
  choices: EndpointChoices,
  registry: ISettingRegistry
): Promise<void> {
  const settings = await registry.load(PLUGIN_ID);
  const read = (): void => {
    choices.read(settings.composite);
  };
  settings.changed.connect(read);
  read();
  choices.chosen.connect((_, { added, hidden, defaults }) => {
    void settings.save(JSON.stringify({ added, hidden, defaults }, null, 2));
  });
}
