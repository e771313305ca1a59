import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { InputDialog, Notification } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { fetchBatch } from '../cell/fetchedBatch';
import { nameFor } from '../cell/magic/variableName';
import { KernelBridges } from '../kernel/bridges';
import type { ComputeModel } from '../model/compute';
import { IComputeModel } from '../model/compute';
import { TRANSLATION_DOMAIN } from '../model/format';
import type { IBatch } from '../tokens';
import { CommandIDs } from '../tokens';

const ARGS = {
  args: {
    type: 'object',
    properties: {
      batchId: { type: 'string', description: 'Id of the batch' },
      index: {
        type: 'number',
        description: 'Position of one of its tasks, from 0; all without'
      },
      name: {
        type: 'string',
        description: 'Name of the variable; asked for without'
      }
    },
    required: ['batchId']
  }
} as const;

/** What {@link ARGS} describes. */
interface ILoadArgs {
  readonly batchId: string;
  readonly index?: number;
  readonly name?: string;
}

/** Adds the command that brings the values of a batch into a kernel. */
export const loadVariablePlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:load-variable',
  description: 'Adds the command that binds the values of a batch to a name.',
  autoStart: true,
  requires: [INotebookTracker, IComputeModel],
  optional: [ITranslator],
  activate: (
    app,
    tracker: INotebookTracker,
    compute: ComputeModel,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const bridges = new KernelBridges();
    app.commands.addCommand(CommandIDs.loadIntoVariable, {
      label: trans.__('Load into variable…'),
      caption: trans.__('Give the values of this batch a name in the notebook'),
      describedBy: ARGS,
      execute: async args => {
        const { batchId, index, name } = args as unknown as ILoadArgs;
        const batch = compute.batches.get(batchId);
        if (!batch) {
          return;
        }
        const target = notebookOf(tracker, batch);
        if (!target) {
          Notification.info(
            trans.__('Open a notebook to load the values into.')
          );
          return;
        }
        const variable = name ?? (await askName(batch, trans));
        if (variable === null) {
          return;
        }
        try {
          await load(compute, bridges, target, {
            batch,
            index,
            variable
          });
          Notification.success(
            trans.__('%1 is now in %2.', variable, target.title.label),
            { autoClose: 3000 }
          );
        } catch (reason) {
          Notification.error(
            trans.__(
              '%1 was not loaded: %2',
              variable,
              reason instanceof Error ? reason.message : String(reason)
            )
          );
        }
      }
    });
  }
};

/** The notebook that a batch was run from, else the one a person is in. */
function notebookOf(
  tracker: INotebookTracker,
  { notebookPath }: IBatch
): NotebookPanel | null {
  return (
    tracker.find(({ context }) => context.path === notebookPath) ??
    tracker.currentWidget
  );
}

async function askName(
  batch: IBatch,
  trans: TranslationBundle
): Promise<string | null> {
  const { value } = await InputDialog.getText({
    title: trans.__('Load into variable'),
    label: trans.__('Name of the variable'),
    text: nameFor(batch.title),
    pattern: '[^\\W\\d]\\w*',
    required: true,
    okLabel: trans.__('Load')
  });
  return value;
}

async function load(
  { batches, services }: ComputeModel,
  bridges: KernelBridges,
  { sessionContext }: NotebookPanel,
  {
    batch,
    index,
    variable
  }: { batch: IBatch; index?: number; variable: string }
): Promise<void> {
  await sessionContext.ready;
  const kernel = sessionContext.session?.kernel;
  if (!kernel) {
    throw new Error('The notebook has no kernel. Start one, then try again.');
  }
  const fetched = await fetchBatch(
    {
      batches,
      service: name => services.get(name),
      toMimeBundle: () => ({})
    },
    batch.id
  );
  const tasks = fetched.tasks.filter(
    task => index === undefined || task.index === index
  );
  await bridges.of(kernel).load({ ...fetched, tasks }, variable);
}
