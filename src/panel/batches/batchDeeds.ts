import type { IBatch, IBatches } from '../../tokens';

import type { BatchActionId } from './batchActions';
import type { BatchesModel } from './batchesModel';

/** Ids that are read at once. */
const PAGE_LENGTH = 1000;

/** What the panel asks of the rest of JupyterLab. */
export interface IPanelDeeds {
  /** Show the cell, and its line, counted from 1, if given. */
  readonly goToCell: (batch: IBatch, line?: number) => void;
  /** Put text on the clipboard. */
  readonly copy: (text: string) => void;
  /** Have the browser save what an address gives. */
  readonly download: (url: string) => void;
  /** Whether values can be loaded into variables. */
  readonly canLoad: () => boolean;
  /** Load the values of a batch into a variable of a notebook. */
  readonly load: (batch: IBatch) => void;
  /** Tell a person what went wrong. */
  readonly report: (reason: unknown) => void;
}

/**
 * Do with a batch what a person asked for; what goes wrong is reported.
 *
 * @param action - What to do.
 * @param batch - With which batch.
 * @param batches - The batches that are known.
 * @param model - The list it is in.
 * @param deeds - The rest of JupyterLab.
 */
export async function performAction(
  action: BatchActionId,
  batch: IBatch,
  batches: IBatches,
  model: BatchesModel,
  deeds: IPanelDeeds
): Promise<void> {
  try {
    switch (action) {
      case 'go-to-cell':
        deeds.goToCell(batch);
        break;
      case 'retry':
        await batches.retry(batch.id);
        break;
      case 'cancel':
        await batches.cancel(batch.id);
        break;
      case 'load':
        deeds.load(batch);
        break;
      case 'copy-ids':
        deeds.copy((await readTaskIds(batch, batches)).join('\n'));
        break;
      case 'export':
        deeds.download(batches.exportUrl(batch.id));
        break;
      case 'forget':
        await model.forget(batch);
        break;
    }
  } catch (reason) {
    deeds.report(reason);
  }
}

/** The ids of all tasks of a batch, in their order. */
async function readTaskIds(
  batch: IBatch,
  batches: Pick<IBatches, 'taskPage'>
): Promise<string[]> {
  if (batch.isLive) {
    return batch.tasks.flatMap(({ id }) => id ?? []);
  }
  const ids: string[] = [];
  for (let offset = 0; offset < batch.counts.total; offset += PAGE_LENGTH) {
    const { tasks } = await batches.taskPage(batch.id, {
      offset,
      limit: PAGE_LENGTH
    });
    ids.push(...tasks.flatMap(({ id }) => id ?? []));
  }
  return ids;
}
