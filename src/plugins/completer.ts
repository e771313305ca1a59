import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICompletionProviderManager } from '@jupyterlab/completer';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { MagicCompleter } from '../cell/completer';
import { TRANSLATION_DOMAIN } from '../model/format';
import { IEndpoints } from '../tokens';

/** Completes options and endpoints on the magic line. */
export const completerPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:completer',
  description: 'Completes options and endpoints in the %%compute line.',
  autoStart: true,
  requires: [ICompletionProviderManager, IEndpoints],
  optional: [ITranslator],
  activate: (
    _app,
    manager: ICompletionProviderManager,
    endpoints: IEndpoints,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    manager.registerProvider(new MagicCompleter(endpoints, trans));
  }
};
