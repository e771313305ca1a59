import type { Cell } from '@jupyterlab/cells';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { findCell } from './navigation';

/** Arguments of a command on a cell, as JupyterLab's `describedBy` has them. */
export const CELL_ARGS = {
  args: {
    type: 'object',
    properties: {
      cellId: {
        type: 'string',
        description: 'Id of the cell; the active one without'
      }
    }
  }
} as const;

/** The cell that a command is about. */
export interface ITargetCell {
  readonly panel: NotebookPanel;
  readonly cell: Cell;
  /** Its position in the notebook. */
  readonly index: number;
}

/**
 * The cell that a command is about: the one its arguments name, else the
 * active one.
 *
 * Copies of a notebook have the same ids in their cells: the notebook that a
 * person is in comes first.
 */
export function targetCell(
  tracker: INotebookTracker,
  args: ReadonlyPartialJSONObject
): ITargetCell | null {
  const cellId = args['cellId'] ?? tracker.activeCell?.model.id;
  if (typeof cellId !== 'string') {
    return null;
  }
  const current = tracker.currentWidget;
  const search = (panel: NotebookPanel): ITargetCell | null => {
    const found = findCell(panel, cellId);
    return found && { panel, ...found };
  };
  const inCurrent = current && search(current);
  if (inCurrent) {
    return inCurrent;
  }
  const other = tracker.find(panel => findCell(panel, cellId) !== null);
  return other ? search(other) : null;
}
