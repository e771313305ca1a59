import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Clipboard, ICommandPalette } from '@jupyterlab/apputils';
import type { Cell, ICodeCellModel } from '@jupyterlab/cells';
import { isCodeCellModel } from '@jupyterlab/cells';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { idsOf } from '../card/ids';
import { BatchRenderer } from '../card/renderer';
import { readSnapshot } from '../card/snapshot';
import { batchDataOf } from '../cell/cellBatch';
import { revealCell } from '../cell/navigation';
import { CELL_ARGS, targetCell } from '../cell/target';
import { TRANSLATION_DOMAIN } from '../model/format';
import type { IBatchSnapshot } from '../tokens';
import { CommandIDs, IBatches } from '../tokens';

/** Adds what can be done with the batch that a cell shows as commands. */
export const batchCommandsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:batch-commands',
  description: 'Adds the commands of the batch that a cell shows.',
  autoStart: true,
  requires: [INotebookTracker, IBatches],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app,
    tracker: INotebookTracker,
    batches: IBatches,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ) => {
    const { commands } = app;
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const cellOf = (
      args: ReadonlyPartialJSONObject
    ): Cell<ICodeCellModel> | undefined => {
      const cell = targetCell(tracker, args)?.cell;
      return cell && isCodeCellModel(cell.model)
        ? (cell as Cell<ICodeCellModel>)
        : undefined;
    };
    const savedOf = (
      args: ReadonlyPartialJSONObject
    ): IBatchSnapshot | undefined => {
      const cell = cellOf(args);
      return cell && readSnapshot(batchDataOf(cell.model));
    };
    commands.addCommand(CommandIDs.showDetails, {
      label: trans.__('Show or hide details'),
      caption: trans.__('Open or close the details of the batch'),
      describedBy: CELL_ARGS,
      isEnabled: args => {
        const cell = cellOf(args);
        return cell !== undefined && batchDataOf(cell.model) !== undefined;
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
      caption: trans.__(
        'Copy the ids of the functions, the tasks and the group'
      ),
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
    const ids = [CommandIDs.showDetails, CommandIDs.copyIds];
    const notify = (): void =>
      ids.forEach(id => commands.notifyCommandChanged(id));
    tracker.activeCellChanged.connect(notify);
    ids.forEach(command =>
      palette?.addItem({ command, category: trans.__('Globus Compute') })
    );
  }
};
