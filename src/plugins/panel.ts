import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { TRANSLATION_DOMAIN } from '../model/format';
import { computeIcon } from '../panel/icon';
import { ComputePanel, PANEL_ID } from '../panel/panel';
import type { IBatch } from '../tokens';
import { CommandIDs, IBatches, IEndpoints } from '../tokens';

/** Below JupyterLab's own panels, above none in particular. */
const RANK = 900;

/** Adds the side panel of batches and endpoints. */
export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:panel',
  description: 'Adds a side panel with Globus Compute batches and endpoints.',
  autoStart: true,
  requires: [IBatches, IEndpoints],
  optional: [ITranslator, ILayoutRestorer, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    batches: IBatches,
    endpoints: IEndpoints,
    maybeTranslator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null
  ) => {
    const translator = maybeTranslator ?? nullTranslator;
    const widget = new ComputePanel({
      batches,
      endpoints,
      translator,
      onGoToCell: (batch, line) => {
        goToCell(app, batch, line);
      }
    });
    app.shell.add(widget, 'left', { rank: RANK, type: 'Globus Compute' });
    restorer?.add(widget, PANEL_ID);
    addShowCommand(app, translator, palette);
  }
};

function goToCell(app: JupyterFrontEnd, batch: IBatch, line?: number): void {
  const { notebookPath: path, cellId } = batch;
  // An argument that is undefined is not JSON.
  const args = line === undefined ? { path, cellId } : { path, cellId, line };
  void app.commands.execute(CommandIDs.goToCell, args);
}

function addShowCommand(
  app: JupyterFrontEnd,
  translator: ITranslator,
  palette: ICommandPalette | null
): void {
  const trans = translator.load(TRANSLATION_DOMAIN);
  app.commands.addCommand(CommandIDs.showPanel, {
    label: trans.__('Show Globus Compute'),
    caption: trans.__('Show the side panel with batches and endpoints'),
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
