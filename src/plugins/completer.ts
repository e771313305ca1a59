import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICompletionProviderManager } from '@jupyterlab/completer';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { MagicCompleter } from '../cell/editor/completer';
import { TRANSLATION_DOMAIN } from '../model/format';
import { IAccounts, IClassFiles, IEndpoints, IFunctions } from '../tokens';

/** Completes options, endpoints, functions and groups on the magic line. */
export const completerPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:completer',
  description:
    'Completes options, endpoints, functions and groups in the %%compute line.',
  autoStart: true,
  requires: [
    ICompletionProviderManager,
    IEndpoints,
    IFunctions,
    IAccounts,
    IClassFiles
  ],
  optional: [ITranslator],
  activate: (
    _app,
    manager: ICompletionProviderManager,
    endpoints: IEndpoints,
    functions: IFunctions,
    accounts: IAccounts,
    classFiles: IClassFiles,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    manager.registerProvider(
      new MagicCompleter(endpoints, functions, accounts, classFiles, trans)
    );
  }
};
