import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { INotebookCellExecutor } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ReadonlyPartialJSONValue } from '@lumino/coreutils';

import { toMimeBundle } from '../card/staticForm';
import { ComputeCellExecutor } from '../cell/executor';
import { EndpointInquiries } from '../cell/run/endpointFacts';
import type { CellRuns } from '../cell/run/runs';
import { ICellRuns } from '../cell/run/runs';
import { KernelBridges } from '../kernel/bridges';
import type { ComputeModel } from '../model/compute';
import { IComputeModel } from '../model/compute';
import { CommandIDs } from '../tokens';

const PLUGIN_ID = 'jupyterlab-globus-compute:executor';

/*
 * Others that provide the executor. JupyterLab takes one without a word;
 * package.json turns these off, and a person may turn one on again.
 */
const RIVALS = [
  '@jupyterlab/notebook-extension:cell-executor',
  '@jupyter/docprovider-extension:notebook-cell-executor',
  '@datalayer/jupyter-server-nbmodel:notebook-cell-executor'
];

/** Runs `%%compute` cells, and all others as JupyterLab does. */
export const executorPlugin: JupyterFrontEndPlugin<INotebookCellExecutor> = {
  id: PLUGIN_ID,
  description: 'Runs %%compute cells on endpoints of Globus Compute.',
  autoStart: true,
  provides: INotebookCellExecutor,
  requires: [IComputeModel, ICellRuns],
  optional: [ISettingRegistry],
  activate: (
    app,
    compute: ComputeModel,
    runs: CellRuns,
    registry: ISettingRegistry | null
  ) => {
    const namesIdentity = identitySetting(registry);
    const bridges = new KernelBridges();
    void app.restored.then(() => warnOfRivals(app));
    return new ComputeCellExecutor(
      {
        endpoints: compute.endpoints,
        inquiries: new EndpointInquiries(),
        batches: compute.batches,
        functions: compute.functions,
        accounts: compute.accounts,
        signIns: compute.signIns,
        identity: (service, isShared) =>
          namesIdentity(isShared)
            ? (compute.accounts.find(service)?.username ?? undefined)
            : undefined,
        service: name => compute.services.get(name),
        classRules: path => compute.classFiles.rulesForRun(path),
        bridge: kernel => bridges.of(kernel),
        toMimeBundle
      },
      runs,
      ({ service, requirements }) =>
        void app.commands.execute(CommandIDs.signIn, {
          service,
          requirements: requirements as ReadonlyPartialJSONValue
        })
    );
  }
};

/**
 * Whether cards name the identity that tasks run under, as the settings say;
 * until they are read, in shared notebooks.
 */
function identitySetting(
  registry: ISettingRegistry | null
): (isShared: boolean) => boolean {
  let choice: unknown = 'shared';
  const read = ({ composite }: ISettingRegistry.ISettings): void => {
    choice = composite['identity'];
  };
  registry
    ?.load(PLUGIN_ID)
    .then(settings => {
      settings.changed.connect(read);
      read(settings);
    })
    // Without its settings, the default holds.
    .catch(() => undefined);
  return isShared => choice === 'always' || (choice !== 'never' && isShared);
}

function warnOfRivals(app: JupyterFrontEnd): void {
  const active = RIVALS.filter(
    id => app.hasPlugin(id) && app.isPluginActivated(id)
  );
  if (active.length > 0) {
    Notification.warning(
      `%%compute cells may not run: ${active.join(', ')} runs cells too. ` +
        'Disable it in the extension manager or with "jupyter labextension disable".',
      { autoClose: false }
    );
  }
}
