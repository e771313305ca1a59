import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Clipboard } from '@jupyterlab/apputils';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { createBatchRendererFactory } from '../card/renderer';
import { TRANSLATION_DOMAIN } from '../model/format';
import { CommandIDs, IBatches, IEndpoints } from '../tokens';

/** Before text/html and text/plain, which every card brings along. */
const RANK = 0;

/** Shows batches in the outputs of cells. */
export const cardPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:card',
  description: 'Shows Globus Compute batches in the outputs of cells.',
  autoStart: true,
  requires: [IRenderMimeRegistry, IBatches, IEndpoints],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    rendermime: IRenderMimeRegistry,
    batches: IBatches,
    endpoints: IEndpoints,
    translator: ITranslator | null
  ) => {
    const factory = createBatchRendererFactory({
      batches,
      endpoints,
      trans: (translator ?? nullTranslator).load(TRANSLATION_DOMAIN),
      onCopy: text => {
        Clipboard.copyToSystem(text);
      },
      onChooseEndpoint: ({ cellId }) =>
        void app.commands.execute(CommandIDs.chooseEndpoint, { cellId }),
      onRunFailedAgain: ({ cellId }) =>
        void app.commands.execute(CommandIDs.runFailedAgain, { cellId }),
      onGoToLine: (batch, line) =>
        void app.commands.execute(CommandIDs.goToCell, {
          path: batch.notebookPath,
          cellId: batch.cellId,
          line
        })
    });
    rendermime.addFactory(factory, RANK);
  }
};
