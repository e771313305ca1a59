import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { TRANSLATION_DOMAIN } from '../model/format';
import { StatusItem, StatusModel } from '../panel/batches/statusItem';
import { CommandIDs, IBatches } from '../tokens';

/** Shows in the status bar how many batches run, and how many failed. */
export const statusBarPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:statusbar',
  description:
    'Shows in the status bar how many Globus Compute batches run or failed.',
  autoStart: true,
  requires: [IBatches],
  // Notebook 7 has no status bar.
  optional: [IStatusBar, ITranslator],
  activate: (
    app,
    batches: IBatches,
    statusBar: IStatusBar | null,
    translator: ITranslator | null
  ) => {
    if (!statusBar) {
      return;
    }
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const model = new StatusModel(batches);
    const item = new StatusItem(model, trans, () => {
      void app.commands.execute(CommandIDs.showPanel);
    });
    // What runs since before this page was opened counts too. Why it could
    // not be read is said in the panel.
    void app.restored.then(() => batches.refresh()).catch(() => undefined);
    statusBar.registerStatusItem(statusBarPlugin.id, {
      item,
      align: 'left',
      rank: 900,
      isActive: () => model.isActive,
      activeStateChanged: model.stateChanged
    });
  }
};
