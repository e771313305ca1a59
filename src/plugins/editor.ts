import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { ICellModel } from '@jupyterlab/cells';
import type { IEditorExtensionFactory } from '@jupyterlab/codemirror';
import {
  EditorExtensionRegistry,
  IEditorExtensionRegistry
} from '@jupyterlab/codemirror';

import { magicHelp } from '../cell/editor/magicHelp';
import { remoteLines } from '../cell/editor/remoteLines';

/** Marks the lines of a `%%compute` cell, and explains its magic line. */
export const editorPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:editor',
  description: 'Marks the lines of a %%compute cell and explains its options.',
  autoStart: true,
  requires: [IEditorExtensionRegistry],
  activate: (_app, registry: IEditorExtensionRegistry) => {
    registry.addExtension({
      name: 'globus-compute-cell',
      factory: ({ model }) =>
        EditorExtensionRegistry.createImmutableExtension([
          remoteLines(() => otherCells(model)),
          magicHelp()
        ])
    });
  }
};

/** The texts of the other cells of a cell's notebook; none of a file. */
function otherCells({
  sharedModel
}: IEditorExtensionFactory.IOptions['model']): string[] {
  const { notebook } = sharedModel as Partial<ICellModel['sharedModel']>;
  return (notebook?.cells ?? [])
    .filter(cell => cell !== sharedModel)
    .map(cell => cell.getSource());
}
