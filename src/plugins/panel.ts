import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { Clipboard, ICommandPalette, Notification } from '@jupyterlab/apputils';
import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import type { ComputeModel } from '../model/compute';
import { IComputeModel } from '../model/compute';
import { TRANSLATION_DOMAIN } from '../model/format';
import type { IAccountDeeds } from '../panel/accounts/accountDetails';
import type { IPanelDeeds } from '../panel/batches/batchDeeds';
import { asGrouping } from '../panel/batches/filterRow';
import { Presets } from '../panel/endpoints/presets';
import type { IFunctionDeeds } from '../panel/functions/functionList';
import { computeIcon } from '../panel/icon';
import { ComputePanel, PANEL_ID } from '../panel/panel';
import type { IEndpointInfo, IFunctionInfo } from '../tokens';
import {
  CommandIDs,
  IAccounts,
  IBatches,
  IClassFiles,
  IEndpoints,
  IFunctions,
  IServices
} from '../tokens';

const PLUGIN_ID = 'jupyterlab-globus-compute:panel';

/** Below JupyterLab's own panels, above none in particular. */
const RANK = 900;

/** Adds the side panel of batches, endpoints and functions. */
export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description:
    'Adds a side panel with Globus Compute batches, endpoints and functions.',
  autoStart: true,
  requires: [
    IBatches,
    IEndpoints,
    IFunctions,
    IServices,
    IAccounts,
    IClassFiles,
    IComputeModel
  ],
  optional: [
    ITranslator,
    ILayoutRestorer,
    ICommandPalette,
    INotebookTracker,
    ISettingRegistry,
    IEditorLanguageRegistry
  ],
  activate: (
    app: JupyterFrontEnd,
    batches: IBatches,
    endpoints: IEndpoints,
    functions: IFunctions,
    services: IServices,
    accounts: IAccounts,
    classFiles: IClassFiles,
    compute: ComputeModel,
    maybeTranslator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    tracker: INotebookTracker | null,
    registry: ISettingRegistry | null,
    languages: IEditorLanguageRegistry | null
  ) => {
    const translator = maybeTranslator ?? nullTranslator;
    const trans = translator.load(TRANSLATION_DOMAIN);
    const settings = loadSettings(registry);
    const panel: ComputePanel = new ComputePanel({
      batches,
      endpoints,
      functions,
      services,
      accounts,
      classFiles,
      commands: app.commands,
      diagnoses: compute.diagnoses,
      translator,
      deeds: panelDeeds(app),
      functionDeeds: functionDeeds(app, languages, trans, info =>
        panel.functions.delete(info.id)
      ),
      accountDeeds: accountDeeds(app),
      configure: endpoint =>
        void configure(app, endpoint, settings, translator).catch(report)
    });
    app.shell.add(panel, 'left', { rank: RANK, type: 'Globus Compute' });
    restorer?.add(panel, PANEL_ID);
    addShowCommand(app, trans, palette);
    addFollowCommand(app, panel, trans, palette);
    followNotebook(panel, tracker);
    void settings.then(loaded => {
      panel.batches.grouping = asGrouping(loaded?.composite['grouping']);
    });
  }
};

async function loadSettings(
  registry: ISettingRegistry | null
): Promise<ISettingRegistry.ISettings | undefined> {
  try {
    return await registry?.load(PLUGIN_ID);
  } catch (reason) {
    report(reason);
    return undefined;
  }
}

function panelDeeds(app: JupyterFrontEnd): IPanelDeeds {
  return {
    goToCell: ({ notebookPath: path, cellId }, line) => {
      // An argument that is undefined is not JSON.
      const args =
        line === undefined ? { path, cellId } : { path, cellId, line };
      void app.commands.execute(CommandIDs.goToCell, args);
    },
    copy: text => {
      Clipboard.copyToSystem(text);
    },
    download,
    canLoad: () => app.commands.hasCommand(CommandIDs.loadIntoVariable),
    load: ({ id }) =>
      void app.commands.execute(CommandIDs.loadIntoVariable, { batchId: id }),
    report
  };
}

function functionDeeds(
  app: JupyterFrontEnd,
  languages: IEditorLanguageRegistry | null,
  trans: TranslationBundle,
  remove: (info: IFunctionInfo) => Promise<void>
): IFunctionDeeds {
  return {
    onInsert: ({ id, name, source }) =>
      void app.commands.execute(CommandIDs.insertFunctionCall, {
        id,
        name,
        source
      }),
    onDelete: info => void confirmDelete(info, trans, remove),
    onCopy: text => {
      Clipboard.copyToSystem(text);
    },
    onHighlight: (source, host) => {
      const coloured = document.createElement('pre');
      void languages
        ?.highlight(source, languages.findBest('python'), coloured)
        .then(() => {
          host.replaceChildren(...coloured.childNodes);
        });
    }
  };
}

function accountDeeds({ commands }: JupyterFrontEnd): IAccountDeeds {
  return {
    onSignIn: service =>
      void commands.execute(
        CommandIDs.signIn,
        // An argument that is undefined is not JSON.
        service === undefined ? {} : { service }
      ),
    onSignOut: service =>
      void commands.execute(CommandIDs.signOut, { service }),
    onCheck: service =>
      void commands.execute(CommandIDs.checkConnection, { service }),
    onCopy: text => {
      Clipboard.copyToSystem(text);
    }
  };
}

async function confirmDelete(
  info: IFunctionInfo,
  trans: TranslationBundle,
  remove: (info: IFunctionInfo) => Promise<void>
): Promise<void> {
  const { Dialog, showDialog } = await import('@jupyterlab/apputils');
  const { button } = await showDialog({
    title: trans.__('Delete the function %1?', info.name),
    body: trans.__(
      'Nobody can call %1 by its id any more. Cells that define it register it again when they run.',
      info.name
    ),
    buttons: [
      Dialog.cancelButton(),
      Dialog.warnButton({ label: trans.__('Delete') })
    ]
  });
  if (button.accept) {
    await remove(info);
  }
}

async function configure(
  app: JupyterFrontEnd,
  endpoint: IEndpointInfo,
  settings: Promise<ISettingRegistry.ISettings | undefined>,
  translator: ITranslator
): Promise<void> {
  const { askForConfig } = await import('../panel/endpoints/configDialog');
  const presets = new Presets((await settings) ?? null);
  const choice = await askForConfig(endpoint, presets, translator);
  if (choice?.use === 'copy') {
    Clipboard.copyToSystem(JSON.stringify(choice.config));
  } else if (choice) {
    await app.commands.execute(CommandIDs.useConfig, {
      config: choice.config,
      endpoint: endpoint.name
    });
  }
}

/** What the panel says of "this notebook" is of the one a person is in. */
function followNotebook(
  panel: ComputePanel,
  tracker: INotebookTracker | null
): void {
  const follow = (): void => {
    const path = tracker?.currentWidget?.context.path ?? null;
    panel.endpoints.notebookPath = path;
    panel.classes.notebookPath = path;
  };
  tracker?.currentChanged.connect((_, current) => {
    current?.context.pathChanged.connect(follow);
    follow();
  });
  follow();
}

function download(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  document.body.append(link);
  link.click();
  link.remove();
}

function report(reason: unknown): void {
  Notification.error(
    reason instanceof Error ? reason.message : String(reason),
    { autoClose: 10_000 }
  );
}

function addFollowCommand(
  app: JupyterFrontEnd,
  panel: ComputePanel,
  trans: TranslationBundle,
  palette: ICommandPalette | null
): void {
  app.commands.addCommand(CommandIDs.followTasks, {
    label: trans.__('Follow tasks…'),
    caption: trans.__('Follow tasks that were submitted elsewhere'),
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => {
      app.shell.activateById(PANEL_ID);
      panel.batches.asksForTasks = true;
    }
  });
  palette?.addItem({
    command: CommandIDs.followTasks,
    category: trans.__('Globus Compute')
  });
}

function addShowCommand(
  app: JupyterFrontEnd,
  trans: TranslationBundle,
  palette: ICommandPalette | null
): void {
  app.commands.addCommand(CommandIDs.showPanel, {
    label: trans.__('Show Globus Compute'),
    caption: trans.__(
      'Show the side panel with batches, endpoints and functions'
    ),
    icon: computeIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    execute: () => {
      app.shell.activateById(PANEL_ID);
    }
  });
  palette?.addItem({
    command: CommandIDs.showPanel,
    category: trans.__('Globus Compute')
  });
}
