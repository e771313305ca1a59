import type { Cell } from '@jupyterlab/cells';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { PanelLayout } from '@lumino/widgets';
import { Widget } from '@lumino/widgets';

/** What a person may do while a cell waits for a sign-in. */
export interface ISignInNoteDeeds {
  /** Called while the press of the button is handled. */
  readonly onSignIn: () => void;
  readonly onStop: () => void;
}

/** Says in a cell that it goes on after a sign-in; nothing of it is saved. */
class SignInNote extends Widget {
  constructor(
    message: string,
    trans: TranslationBundle,
    { onSignIn, onStop }: ISignInNoteDeeds
  ) {
    super();
    this.addClass('jp-GlobusCompute-signInNote');
    // Text from outside is shown as text.
    const text = document.createElement('p');
    text.setAttribute('role', 'alert');
    text.textContent = message;
    const actions = document.createElement('div');
    actions.className = 'jp-GlobusCompute-cardActions';
    actions.append(
      button(trans.__('Sign in'), 'jp-GlobusCompute-button', onSignIn),
      button(trans.__('Stop waiting'), 'jp-GlobusCompute-link', onStop)
    );
    this.node.append(text, actions);
  }
}

/**
 * Show in a cell that it waits for a sign-in, above its outputs.
 *
 * @param message - What is needed, in words for a person.
 * @returns takes the note away again.
 */
export function showSignInNote(
  cell: Cell,
  message: string,
  trans: TranslationBundle,
  deeds: ISignInNoteDeeds
): () => void {
  if (cell.isDisposed) {
    return () => undefined;
  }
  const note = new SignInNote(message, trans, deeds);
  const layout = cell.layout as PanelLayout;
  const output = layout.widgets.findIndex(({ node }) =>
    node.classList.contains('jp-Cell-outputWrapper')
  );
  layout.insertWidget(output < 0 ? layout.widgets.length : output, note);
  return () => {
    note.dispose();
  };
}

function button(
  label: string,
  className: string,
  onClick: () => void
): HTMLButtonElement {
  const node = document.createElement('button');
  node.type = 'button';
  node.className = className;
  node.textContent = label;
  node.addEventListener('click', onClick);
  return node;
}
