import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import {
  EditorExtensionRegistry,
  IEditorExtensionRegistry
} from '@jupyterlab/codemirror';

import { remoteLines } from '../cell/remoteLines';

/** Marks the lines of a `%%compute` cell that run on the endpoint. */
export const editorPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:editor',
  description: 'Marks the lines of a %%compute cell that run on the endpoint.',
  autoStart: true,
  requires: [IEditorExtensionRegistry],
  activate: (_app, registry: IEditorExtensionRegistry) => {
    registry.addExtension({
      name: 'globus-compute-remote-lines',
      factory: () =>
        EditorExtensionRegistry.createImmutableExtension(remoteLines())
    });
  }
};
