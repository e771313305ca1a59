import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';

/** The cell of a notebook with that id, with its position. */
export function findCell(
  panel: NotebookPanel,
  cellId: string
): { cell: Cell; index: number } | null {
  const index = panel.content.widgets.findIndex(
    ({ model }) => model.id === cellId
  );
  return index < 0 ? null : { cell: panel.content.widgets[index], index };
}

/**
 * Make a cell the active one and bring it into view.
 *
 * @param line - Line of its text to put the cursor on, 1-based.
 * @returns whether the notebook has that cell.
 */
export async function revealCell(
  panel: NotebookPanel,
  cellId: string,
  line?: number
): Promise<boolean> {
  await panel.context.ready;
  await panel.revealed;
  const found = findCell(panel, cellId);
  if (!found) {
    return false;
  }
  const { content } = panel;
  content.activeCellIndex = found.index;
  content.deselectAll();
  await content.scrollToItem(found.index, 'smart');
  await found.cell.ready;
  if (line === undefined) {
    content.mode = 'command';
    content.node.focus();
  } else {
    content.mode = 'edit';
    found.cell.editor?.setCursorPosition({ line: line - 1, column: 0 });
    found.cell.editor?.focus();
  }
  return true;
}
