import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import {
  createToolbarFactory,
  IToolbarWidgetRegistry,
  setToolbar
} from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { runIcon, stopIcon } from '@jupyterlab/ui-components';

import type { ComputeBar } from '../cell/bar/bar';
import type { IBarButton } from '../cell/bar/barItems';
import {
  BarButton,
  BarMenuButton,
  BarState,
  EndpointSelector
} from '../cell/bar/barItems';
import { NotebookBars } from '../cell/bar/bars';
import type { CellRuns } from '../cell/run/runs';
import { ICellRuns } from '../cell/run/runs';
import { TRANSLATION_DOMAIN } from '../model/format';
import { CommandIDs, IBatches, IClassFiles, IEndpoints } from '../tokens';

const PLUGIN_ID = 'jupyterlab-globus-compute:bar';

/** What settings and other extensions call the bar: see schema/bar.json. */
const FACTORY = 'ComputeCell';

/** Shows a bar above the input of every `%%compute` cell. */
export const barPlugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'Shows a bar above the input of every %%compute cell.',
  autoStart: true,
  requires: [
    IEndpoints,
    IBatches,
    ICellRuns,
    IClassFiles,
    IToolbarWidgetRegistry,
    ISettingRegistry
  ],
  optional: [ITranslator],
  activate: (
    app,
    endpoints: IEndpoints,
    batches: IBatches,
    runs: CellRuns,
    classFiles: IClassFiles,
    toolbars: IToolbarWidgetRegistry,
    settings: ISettingRegistry,
    maybeTranslator: ITranslator | null
  ) => {
    const translator = maybeTranslator ?? nullTranslator;
    addItems(toolbars, translator);
    const factory = createToolbarFactory(
      toolbars,
      settings,
      FACTORY,
      PLUGIN_ID,
      translator
    );
    const services = {
      endpoints,
      batches,
      runs,
      classFiles,
      commands: app.commands,
      translator
    };
    app.docRegistry.addWidgetExtension(
      'Notebook',
      new NotebookBars(services, bar => setToolbar(bar, factory, bar))
    );
  }
};

function addItems(
  toolbars: IToolbarWidgetRegistry,
  translator: ITranslator
): void {
  const trans = translator.load(TRANSLATION_DOMAIN);
  toolbars.addFactory<ComputeBar>(
    FACTORY,
    'endpoint',
    ({ model }) => new EndpointSelector(model)
  );
  const buttons: Record<string, IBarButton> = {
    run: {
      command: CommandIDs.run,
      label: trans.__('Run'),
      icon: runIcon,
      isIdleOnly: true
    },
    background: { command: CommandIDs.sendToBackground, isProminent: true },
    stop: { command: CommandIDs.stopWaiting, icon: stopIcon },
    cancel: { command: CommandIDs.cancel, label: trans.__('Cancel') },
    details: { command: CommandIDs.showDetails, label: trans.__('Details') }
  };
  for (const [name, button] of Object.entries(buttons)) {
    toolbars.addFactory<ComputeBar>(
      FACTORY,
      name,
      ({ model }) => new BarButton(model, button)
    );
  }
  toolbars.addFactory<ComputeBar>(
    FACTORY,
    'state',
    ({ model }) => new BarState(model)
  );
  toolbars.addFactory<ComputeBar>(
    FACTORY,
    'more',
    ({ model }) => new BarMenuButton(model)
  );
}
