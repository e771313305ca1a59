import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import {
  EditorExtensionRegistry,
  IEditorExtensionRegistry
} from '@jupyterlab/codemirror';

import { magicHelp } from '../cell/magicHelp';
import { remoteLines } from '../cell/remoteLines';

/** Marks the lines of a `%%compute` cell, and explains its magic line. */
export const editorPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:editor',
  description: 'Marks the lines of a %%compute cell and explains its options.',
  autoStart: true,
  requires: [IEditorExtensionRegistry],
  activate: (_app, registry: IEditorExtensionRegistry) => {
    registry.addExtension({
      name: 'globus-compute-cell',
      factory: () =>
        EditorExtensionRegistry.createImmutableExtension([
          remoteLines(),
          magicHelp()
        ])
    });
  }
};
