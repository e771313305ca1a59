import type { Cell, ICodeCellModel } from '@jupyterlab/cells';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { PanelLayout } from '@lumino/widgets';
import { Widget } from '@lumino/widgets';

/** Says in a cell that it waits for the one above, and offers to run it. */
class WaitNote extends Widget {
  constructor(trans: TranslationBundle, runNow: () => void) {
    super();
    this.addClass('jp-GlobusCompute-waitNote');
    this.node.setAttribute('role', 'status');
    const text = document.createElement('span');
    text.textContent = trans.__('Waits for the cell above');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'jp-GlobusCompute-link';
    button.textContent = trans.__('Run now');
    button.addEventListener('click', runNow);
    this.node.append(text, ' · ', button);
  }
}

/**
 * Show a cell as waiting for its turn.
 *
 * @param runNow - Called when the person wants to run it at once.
 * @returns takes the note away again.
 */
export function showWaitNote(
  cell: Cell,
  trans: TranslationBundle,
  runNow: () => void
): () => void {
  const model = cell.model as ICodeCellModel;
  const state = model.executionState;
  model.executionState = 'running';
  const note = new WaitNote(trans, runNow);
  // The header and the bar stand above the input.
  (cell.layout as PanelLayout | null)?.insertWidget(1, note);
  return () => {
    note.dispose();
    if (!model.isDisposed) {
      model.executionState = state;
    }
  };
}
