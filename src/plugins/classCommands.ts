import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { ComputeModel } from '../model/compute';
import { IComputeModel } from '../model/compute';
import { TRANSLATION_DOMAIN } from '../model/format';
import { makeClassFile } from '../panel/classes/makeClassFile';
import { CommandIDs } from '../tokens';

const PATH_ARGS = {
  args: {
    type: 'object',
    properties: {
      path: {
        type: 'string',
        description: 'Path of a notebook; the current one without'
      }
    }
  }
} as const;

/** Adds the commands about class files and readiness. */
export const classCommandsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:class-commands',
  description:
    'Shows, accepts and makes class files, and tells what is missing to run a notebook.',
  autoStart: true,
  requires: [IComputeModel, INotebookTracker],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app,
    compute: ComputeModel,
    tracker: INotebookTracker,
    maybeTranslator: ITranslator | null,
    palette: ICommandPalette | null
  ) => {
    const translator = maybeTranslator ?? nullTranslator;
    const trans = translator.load(TRANSLATION_DOMAIN);
    const pathOf = (args: ReadonlyPartialJSONObject): string | undefined =>
      typeof args['path'] === 'string'
        ? args['path']
        : tracker.currentWidget?.context.path;
    const onNotebook = (
      execute: (path: string) => Promise<void>
    ): Omit<CommandRegistry.ICommandOptions, 'label' | 'caption'> => ({
      describedBy: PATH_ARGS,
      isEnabled: args => pathOf(args) !== undefined,
      execute: async args => {
        const path = pathOf(args);
        if (path !== undefined) {
          await execute(path).catch(report);
        }
      }
    });
    app.commands.addCommand(CommandIDs.showClassFile, {
      label: trans.__('Show class file'),
      caption: trans.__(
        'Show the class file beside the notebook, to accept it or not'
      ),
      ...onNotebook(path => showClass(compute, path, translator))
    });
    app.commands.addCommand(CommandIDs.makeClassFile, {
      label: trans.__('Make class file…'),
      caption: trans.__(
        'Make a class file beside the notebook, from what is used now'
      ),
      ...onNotebook(path =>
        makeClassFile(compute, app.serviceManager.contents, path, translator)
      )
    });
    app.commands.addCommand(CommandIDs.checkReadiness, {
      label: trans.__('Check readiness'),
      caption: trans.__(
        'Tell what is missing to run the notebook; runs nothing'
      ),
      ...onNotebook(path => checkReadiness(compute, tracker, path, translator))
    });
    for (const command of [
      CommandIDs.showClassFile,
      CommandIDs.makeClassFile,
      CommandIDs.checkReadiness
    ]) {
      palette?.addItem({ command, category: trans.__('Globus Compute') });
    }
  }
};

async function showClass(
  { classFiles, services }: ComputeModel,
  path: string,
  translator: ITranslator
): Promise<void> {
  const [{ askAboutClass }, file] = await Promise.all([
    import('../panel/classes/classDialog'),
    classFiles.refresh(path)
  ]);
  const trans = translator.load(TRANSLATION_DOMAIN);
  if (!file) {
    Notification.info(trans.__('There is no class file beside this notebook.'));
    return;
  }
  // The names of the services; no service is asked.
  await services.all();
  const service = services.find(file.content?.service ?? '');
  switch (await askAboutClass(file, service, translator)) {
    case 'accept':
      await classFiles.accept(path, file);
      break;
    case 'withdraw':
      await classFiles.withdraw(path, file);
      break;
    case 'later':
      if (file.state !== 'accepted') {
        classFiles.postpone(path, file);
      }
  }
}

async function checkReadiness(
  { readiness }: ComputeModel,
  tracker: INotebookTracker,
  path: string,
  translator: ITranslator
): Promise<void> {
  const panel = tracker.find(({ context }) => context.path === path);
  const [{ showReadiness }, findings] = await Promise.all([
    import('../panel/classes/readinessDialog'),
    readiness.check(path, await pythonOf(panel))
  ]);
  await showReadiness(findings, translator);
}

/** The kernel's Python by its own account; no code is run for it. */
async function pythonOf(
  panel: NotebookPanel | undefined
): Promise<string | null> {
  const info = await panel?.sessionContext.session?.kernel?.info;
  return info?.language_info.name === 'python'
    ? info.language_info.version
    : null;
}

function report(reason: unknown): void {
  Notification.error(
    reason instanceof Error ? reason.message : String(reason),
    { autoClose: 10_000 }
  );
}
