import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { ReadonlyJSONObject } from '@lumino/coreutils';

import { functionCallCell } from '../cell/magic/functionCall';
import { isComputeCell, withConfig, withEndpoint } from '../cell/magic/magic';
import { TRANSLATION_DOMAIN } from '../model/format';
import { CommandIDs } from '../tokens';

const INSERT_ARGS = {
  args: {
    type: 'object',
    properties: {
      id: { type: 'string', description: 'UUID of the function' },
      name: { type: 'string', description: 'What people call it' },
      source: { type: ['string', 'null'], description: 'Its source' }
    },
    required: ['id', 'name']
  }
} as const;

const CONFIG_ARGS = {
  args: {
    type: 'object',
    properties: {
      endpoint: { type: 'string', description: 'Name of the endpoint' },
      config: { type: 'object', description: 'What --config is given' }
    },
    required: ['endpoint', 'config']
  }
} as const;

/** What {@link INSERT_ARGS} describes. */
interface IInsertArgs {
  readonly id: string;
  readonly name: string;
  readonly source?: string | null;
}

/** What {@link CONFIG_ARGS} describes. */
interface IConfigArgs {
  readonly endpoint: string;
  readonly config: ReadonlyJSONObject;
}

/** Writes into notebooks what a person chose elsewhere. */
export const functionCellsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:function-cells',
  description:
    'Inserts cells that call registered functions, and configurations.',
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ITranslator],
  activate: (
    app,
    tracker: INotebookTracker,
    translator: ITranslator | null
  ) => {
    const { commands } = app;
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    commands.addCommand(CommandIDs.insertFunctionCall, {
      label: trans.__('Insert a cell that calls a function'),
      describedBy: INSERT_ARGS,
      execute: async args => {
        const panel = notebookOf(tracker, trans);
        if (panel) {
          const { id, name, source } = args as unknown as IInsertArgs;
          await insertBelow(panel, functionCallCell(id, name, source ?? null));
        }
      }
    });
    commands.addCommand(CommandIDs.useConfig, {
      label: trans.__('Use a configuration in the active cell'),
      describedBy: CONFIG_ARGS,
      execute: args => {
        const { endpoint, config } = args as unknown as IConfigArgs;
        const cell = notebookOf(tracker, trans)?.content.activeCell;
        if (cell?.model.type !== 'code') {
          return;
        }
        const { sharedModel } = cell.model;
        const source = sharedModel.getSource();
        const compute = isComputeCell(source) ? source : `%%compute\n${source}`;
        const json = JSON.stringify(config);
        sharedModel.setSource(
          withEndpoint(withConfig(compute, json), endpoint)
        );
      }
    });
  }
};

/** The notebook a person is in; says so if there is none. */
function notebookOf(
  tracker: INotebookTracker,
  trans: TranslationBundle
): NotebookPanel | null {
  const panel = tracker.currentWidget;
  if (!panel) {
    Notification.info(trans.__('Open a notebook first.'), { autoClose: 5000 });
  }
  return panel;
}

async function insertBelow(
  { content }: NotebookPanel,
  source: string
): Promise<void> {
  const { NotebookActions } = await import('@jupyterlab/notebook');
  NotebookActions.insertBelow(content);
  content.activeCell?.model.sharedModel.setSource(source);
  await content.scrollToItem(content.activeCellIndex, 'smart');
}
