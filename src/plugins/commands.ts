import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { runIcon, stopIcon } from '@jupyterlab/ui-components';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { EndpointSelector } from '../cell/bar/barItems';
import { barOf } from '../cell/bar/bars';
import { isComputeCell } from '../cell/magic/magic';
import { revealCell } from '../cell/navigation';
import type { CellRun } from '../cell/run/run';
import type { CellRuns } from '../cell/run/runs';
import { ICellRuns } from '../cell/run/runs';
import type { ITargetCell } from '../cell/target';
import { CELL_ARGS, targetCell } from '../cell/target';
import { TRANSLATION_DOMAIN } from '../model/format';
import { CommandIDs } from '../tokens';

const GO_TO_CELL_ARGS = {
  args: {
    type: 'object',
    properties: {
      path: { type: 'string', description: 'Path of the notebook' },
      cellId: { type: 'string', description: 'Id of the cell' },
      line: { type: 'number', description: 'Line of its text, from 1' }
    },
    required: ['path', 'cellId']
  }
} as const;

/** What {@link GO_TO_CELL_ARGS} describes. */
interface IGoToCellArgs {
  readonly path: string;
  readonly cellId: string;
  readonly line?: number;
}

/** Adds what can be done with a `%%compute` cell as commands. */
export const commandsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:commands',
  description: 'Adds the commands of %%compute cells.',
  autoStart: true,
  requires: [INotebookTracker, ICellRuns],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app,
    tracker: INotebookTracker,
    runs: CellRuns,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ) => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    addRunCommand(app, tracker, trans);
    addChooseCommand(app, tracker, trans);
    addWaitingCommands(app, tracker, runs, trans);
    addGoToCellCommand(app, tracker, trans);
    stopWithKernel(app, tracker, runs);
    for (const command of [
      CommandIDs.run,
      CommandIDs.chooseEndpoint,
      CommandIDs.stopWaiting,
      CommandIDs.sendToBackground
    ]) {
      palette?.addItem({ command, category: trans.__('Globus Compute') });
    }
  }
};

function addRunCommand(
  { commands }: JupyterFrontEnd,
  tracker: INotebookTracker,
  trans: TranslationBundle
): void {
  commands.addCommand(CommandIDs.run, {
    label: trans.__('Run on endpoint'),
    caption: trans.__(
      'Run this cell on an endpoint of Globus Compute, adding %%compute to it if needed'
    ),
    icon: args => (args['toolbar'] ? runIcon : undefined),
    describedBy: CELL_ARGS,
    isEnabled: args => targetCell(tracker, args)?.cell.model.type === 'code',
    isVisible: args => targetCell(tracker, args)?.cell.model.type === 'code',
    execute: async args => {
      const target = targetCell(tracker, args);
      if (target?.cell.model.type !== 'code') {
        return;
      }
      const { sharedModel } = target.cell.model;
      if (!isComputeCell(sharedModel.getSource())) {
        sharedModel.setSource(`%%compute\n${sharedModel.getSource()}`);
      }
      const { content } = target.panel;
      content.activeCellIndex = target.index;
      content.deselectAll();
      await commands.execute('notebook:run-cell');
    }
  });
}

/** Opens the list of endpoints in a cell's bar. */
function addChooseCommand(
  { commands }: JupyterFrontEnd,
  tracker: INotebookTracker,
  trans: TranslationBundle
): void {
  const selectorOf = (
    target: ITargetCell | null
  ): EndpointSelector | undefined => {
    const bar = target ? barOf(target.cell) : undefined;
    return (
      bar && [...bar.children()].find(item => item instanceof EndpointSelector)
    );
  };
  commands.addCommand(CommandIDs.chooseEndpoint, {
    label: trans.__('Choose endpoint…'),
    caption: trans.__('Choose the endpoint that this cell runs on'),
    describedBy: CELL_ARGS,
    isEnabled: args => selectorOf(targetCell(tracker, args)) !== undefined,
    execute: async args => {
      const target = targetCell(tracker, args);
      if (target) {
        await revealCell(target.panel, target.cell.model.id);
        selectorOf(target)?.open();
      }
    }
  });
}

function addWaitingCommands(
  { commands }: JupyterFrontEnd,
  tracker: INotebookTracker,
  runs: CellRuns,
  trans: TranslationBundle
): void {
  const runOf = (args: ReadonlyPartialJSONObject): CellRun | undefined => {
    const id = targetCell(tracker, args)?.cell.model.id;
    return id === undefined ? undefined : runs.get(id);
  };
  commands.addCommand(CommandIDs.stopWaiting, {
    label: trans.__('Stop waiting'),
    caption: trans.__('Stop waiting for results; the tasks go on'),
    icon: stopIcon,
    describedBy: CELL_ARGS,
    isEnabled: args => runOf(args)?.canStop ?? false,
    execute: args => {
      runOf(args)?.stopWaiting();
    }
  });
  commands.addCommand(CommandIDs.sendToBackground, {
    label: trans.__('Send to background'),
    caption: trans.__('Let the cells below run; the results land in this cell'),
    describedBy: CELL_ARGS,
    isEnabled: args => runOf(args)?.canSendToBackground ?? false,
    execute: args => {
      runOf(args)?.sendToBackground();
    }
  });
  const notify = (): void => {
    commands.notifyCommandChanged(CommandIDs.stopWaiting);
    commands.notifyCommandChanged(CommandIDs.sendToBackground);
  };
  runs.changed.connect(notify);
  tracker.activeCellChanged.connect(() => {
    notify();
    commands.notifyCommandChanged(CommandIDs.run);
    commands.notifyCommandChanged(CommandIDs.chooseEndpoint);
  });
}

function addGoToCellCommand(
  { commands, shell }: JupyterFrontEnd,
  tracker: INotebookTracker,
  trans: TranslationBundle
): void {
  commands.addCommand(CommandIDs.goToCell, {
    label: trans.__('Go to cell'),
    describedBy: GO_TO_CELL_ARGS,
    execute: async args => {
      const { path, cellId, line } = args as unknown as IGoToCellArgs;
      const open = tracker.find(({ context }) => context.path === path);
      if (open) {
        shell.activateById(open.id);
      }
      // In Notebook 7 this command opens every document in a tab of its own.
      const panel =
        open ??
        ((await commands.execute('docmanager:open', { path })) as
          NotebookPanel | undefined);
      if (!panel || !(await revealCell(panel, cellId, line))) {
        Notification.info(trans.__('This cell is no longer in %1.', path), {
          autoClose: 5000
        });
      }
    }
  });
}

/** Interrupting the kernel ends the waiting too, as people expect. */
function stopWithKernel(
  { commands }: JupyterFrontEnd,
  tracker: INotebookTracker,
  runs: CellRuns
): void {
  commands.commandExecuted.connect((_, { id, result }) => {
    if (id !== 'notebook:interrupt-kernel') {
      return;
    }
    const cells = tracker.currentWidget?.content.widgets ?? [];
    const waiting = cells.map(({ model }) => runs.get(model.id));
    const stop = (): void => {
      waiting.forEach(run => run?.stopWaiting());
    };
    // After the interrupt: it would hit what stopping asks of the kernel.
    void result.then(stop, stop);
  });
}
