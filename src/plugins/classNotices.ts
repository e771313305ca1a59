import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { ClassNotices } from '../cell/classNotice';
import { TRANSLATION_DOMAIN } from '../model/format';
import { IClassFiles } from '../tokens';

/** Says above a notebook that its folder has a class file. */
export const classNoticesPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:class-notices',
  description: 'Says above a notebook that its folder has a class file.',
  autoStart: true,
  requires: [IClassFiles],
  optional: [ITranslator],
  activate: (app, classFiles: IClassFiles, translator: ITranslator | null) => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    app.docRegistry.addWidgetExtension(
      'Notebook',
      new ClassNotices({ classFiles, commands: app.commands, trans })
    );
  }
};
