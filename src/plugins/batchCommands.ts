import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Clipboard, ICommandPalette, Notification } from '@jupyterlab/apputils';
import type { ICodeCellModel } from '@jupyterlab/cells';
import { isCodeCellModel } from '@jupyterlab/cells';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { idsOf } from '../card/ids';
import { BatchRenderer } from '../card/renderer';
import { readSnapshot } from '../card/snapshot';
import { batchDataOf, batchIdOf } from '../cell/cellBatch';
import { revealCell } from '../cell/navigation';
import type { CellRuns } from '../cell/run/runs';
import { ICellRuns } from '../cell/run/runs';
import { CELL_ARGS, targetCell } from '../cell/target';
import { TRANSLATION_DOMAIN } from '../model/format';
import type { IBatch, IBatchSnapshot } from '../tokens';
import { CommandIDs, IBatches } from '../tokens';

/** Adds what can be done with the batch that a cell shows as commands. */
export const batchCommandsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:batch-commands',
  description: 'Adds the commands of the batch that a cell shows.',
  autoStart: true,
  requires: [INotebookTracker, IBatches, ICellRuns],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app,
    tracker: INotebookTracker,
    batches: IBatches,
    runs: CellRuns,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ) => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    addCardCommands(app, tracker, batches, trans);
    addTaskCommands(app, tracker, batches, runs, trans);
    const ids = [
      CommandIDs.cancel,
      CommandIDs.runFailedAgain,
      CommandIDs.showDetails,
      CommandIDs.copyIds
    ];
    const notify = (): void =>
      ids.forEach(id => app.commands.notifyCommandChanged(id));
    tracker.activeCellChanged.connect(notify);
    runs.changed.connect(notify);
    ids.forEach(command =>
      palette?.addItem({ command, category: trans.__('Globus Compute') })
    );
  }
};

/** What can be done with any card, whoever ran its batch. */
function addCardCommands(
  { commands }: JupyterFrontEnd,
  tracker: INotebookTracker,
  batches: IBatches,
  trans: TranslationBundle
): void {
  const savedOf = (
    args: ReadonlyPartialJSONObject
  ): IBatchSnapshot | undefined => {
    const cell = codeCell(tracker, args);
    return cell && readSnapshot(batchDataOf(cell));
  };
  commands.addCommand(CommandIDs.showDetails, {
    label: trans.__('Show or hide details'),
    caption: trans.__('Open or close the details of the batch'),
    describedBy: CELL_ARGS,
    isEnabled: args => {
      const cell = codeCell(tracker, args);
      return cell !== undefined && batchDataOf(cell) !== undefined;
    },
    execute: async args => {
      const target = targetCell(tracker, args);
      if (target) {
        await revealCell(target.panel, target.cell.model.id);
        BatchRenderer.within(target.cell)?.toggleDetails();
      }
    }
  });
  commands.addCommand(CommandIDs.copyIds, {
    label: trans.__('Copy ids'),
    caption: trans.__('Copy the ids of the functions, the tasks and the group'),
    describedBy: CELL_ARGS,
    isEnabled: args => savedOf(args) !== undefined,
    execute: args => {
      const saved = savedOf(args);
      if (saved) {
        const batch = batches.get(saved.id);
        Clipboard.copyToSystem(idsOf(batch?.snapshot() ?? saved));
      }
    }
  });
}

/** What is asked of the service: only of a batch that this JupyterLab knows. */
function addTaskCommands(
  { commands }: JupyterFrontEnd,
  tracker: INotebookTracker,
  batches: IBatches,
  runs: CellRuns,
  trans: TranslationBundle
): void {
  const batchOf = (args: ReadonlyPartialJSONObject): IBatch | undefined => {
    const cell = codeCell(tracker, args);
    const id = cell && (runs.get(cell.id)?.batch?.id ?? batchIdOf(cell));
    return id === undefined ? undefined : batches.get(id);
  };
  const toCancel = (args: ReadonlyPartialJSONObject): IBatch | undefined => {
    const batch = batchOf(args);
    return batch && batches.canCancel(batch) ? batch : undefined;
  };
  commands.addCommand(CommandIDs.cancel, {
    label: trans.__('Cancel tasks'),
    caption: trans.__('Call back the tasks that have not ended'),
    describedBy: CELL_ARGS,
    isEnabled: args => toCancel(args) !== undefined,
    execute: async args => {
      const batch = toCancel(args);
      await (batch && orTell(batches.cancel(batch.id)));
    }
  });
  const toRetry = (args: ReadonlyPartialJSONObject): IBatch | undefined => {
    const batch = batchOf(args);
    const hasEnded = batch?.state === 'failed' && !runs.get(batch.cellId);
    return hasEnded && batches.canRetry(batch) ? batch : undefined;
  };
  commands.addCommand(CommandIDs.runFailedAgain, {
    label: trans.__('Run failed again'),
    caption: trans.__('Submit the failed tasks again, and no others'),
    describedBy: CELL_ARGS,
    isEnabled: args => toRetry(args) !== undefined,
    execute: async args => {
      const batch = toRetry(args);
      await (batch && orTell(batches.retry(batch.id)));
    }
  });
}

/** Say why something could not be done, where it could not. */
async function orTell(what: Promise<void>): Promise<void> {
  try {
    await what;
  } catch (reason) {
    Notification.error(
      reason instanceof Error ? reason.message : String(reason)
    );
  }
}

function codeCell(
  tracker: INotebookTracker,
  args: ReadonlyPartialJSONObject
): ICodeCellModel | undefined {
  const model = targetCell(tracker, args)?.cell.model;
  return model && isCodeCellModel(model) ? model : undefined;
}
