import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import { INotebookTracker } from '@jupyterlab/notebook';

import type { ComputeModel } from '../model/compute';
import { IComputeModel } from '../model/compute';
import { CLASS_FILE_NAME, IClassFiles } from '../tokens';

/** Offers the class files to other plugins and extensions. */
export const classFilesPlugin: JupyterFrontEndPlugin<IClassFiles> = {
  id: 'jupyterlab-globus-compute:class-files',
  description: 'The class files beside the notebooks.',
  autoStart: true,
  provides: IClassFiles,
  requires: [IComputeModel],
  optional: [INotebookTracker],
  activate: (app, compute: ComputeModel, tracker: INotebookTracker | null) => {
    const { classFiles } = compute;
    app.serviceManager.contents.fileChanged.connect((_, change) => {
      const paths = [change.oldValue?.path, change.newValue?.path];
      if (
        paths.some(path => PathExt.basename(path ?? '') === CLASS_FILE_NAME)
      ) {
        tracker?.forEach(({ context }) => {
          void classFiles.refreshRules(context.path);
        });
      }
    });
    return classFiles;
  }
};
