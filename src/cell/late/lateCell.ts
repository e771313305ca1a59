import type { ICodeCellModel } from '@jupyterlab/cells';
import { isCodeCellModel } from '@jupyterlab/cells';
import type { IMimeBundle, IOutput } from '@jupyterlab/nbformat';
import type { INotebookModel } from '@jupyterlab/notebook';

import type { IBatchSnapshot } from '../../tokens';
import { batchDataOf } from '../cellBatch';

/** The batch that a notebook has to show, as the vault knows it. */
interface ILateBatch {
  readonly id: string;
  readonly created: number;
  readonly counts: { readonly total: number };
  readonly landed: boolean;
}

/** What a cell shows of a batch. */
export type CellState =
  /** Another run, or something that is no concern of this batch. */
  | { readonly kind: 'other' }
  /** Everything. */
  | { readonly kind: 'complete' }
  /** The card, and what the first `landed` tasks left; or nothing yet. */
  | { readonly kind: 'behind'; readonly landed: number };

/** The code cell with that id; looked up anew, for moving one replaces it. */
export function codeCell(
  notebook: INotebookModel,
  cellId: string
): ICodeCellModel | null {
  for (const cell of notebook.isDisposed ? [] : notebook.cells) {
    if (cell.id === cellId && isCodeCellModel(cell)) {
      return cell;
    }
  }
  return null;
}

/**
 * What a cell shows of a batch. The file says no more than that: what is
 * shown next comes from the vault.
 */
export function stateOf(cell: ICodeCellModel, batch: ILateBatch): CellState {
  const card = batchDataOf(cell) as Partial<IBatchSnapshot> | undefined;
  if (card?.id === batch.id) {
    const landed = typeof card.landed === 'number' ? card.landed : 0;
    return landed >= batch.counts.total
      ? { kind: 'complete' }
      : { kind: 'behind', landed };
  }
  if (card) {
    // The card of an earlier run: the page was gone before it was saved.
    const isEarlier = (card.created ?? Infinity) < batch.created;
    return isEarlier ? { kind: 'behind', landed: 0 } : { kind: 'other' };
  }
  // What was landed and is not there any more, a person has cleared.
  return cell.outputs.length === 0 && !batch.landed
    ? { kind: 'behind', landed: 0 }
    : { kind: 'other' };
}

/**
 * Put the card first and outputs below those that are there, in one write:
 * single ones do not reach every copy of a shared notebook in order.
 */
export function writeLate(
  cell: ICodeCellModel,
  batchId: string,
  card: IMimeBundle,
  added: readonly IOutput[]
): void {
  const old = batchDataOf(cell) as Partial<IBatchSnapshot> | undefined;
  // What an earlier run left goes with its card, as when a cell is run.
  const kept = old?.id === batchId ? cell.outputs.toJSON().slice(1) : [];
  cell.outputs.fromJSON([
    { output_type: 'display_data', data: card, metadata: {} },
    ...kept,
    ...added
  ]);
}

/**
 * The identity that the card of a batch names in a cell; the vault does not
 * know whether it is to be told.
 */
export function identityIn(
  cell: ICodeCellModel,
  batchId: string
): string | undefined {
  const card = batchDataOf(cell) as Partial<IBatchSnapshot> | undefined;
  return card?.id === batchId && typeof card.identity === 'string'
    ? card.identity
    : undefined;
}
