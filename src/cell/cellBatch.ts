import type { ICodeCellModel } from '@jupyterlab/cells';

import type { IBatchSnapshot } from '../tokens';
import { BATCH_MIME_TYPE } from '../tokens';

/** What the card of a cell holds, as the notebook has it; not checked. */
export function batchDataOf({ outputs }: ICodeCellModel): unknown {
  // The card is always the first output.
  return outputs.length > 0 ? outputs.get(0).data[BATCH_MIME_TYPE] : undefined;
}

/**
 * Id of the batch whose card a cell shows, whoever wrote it; `undefined` if
 * it shows none.
 */
export function batchIdOf(model: ICodeCellModel): string | undefined {
  const saved = batchDataOf(model) as Partial<IBatchSnapshot> | undefined;
  return typeof saved?.id === 'string' ? saved.id : undefined;
}
