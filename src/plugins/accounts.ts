import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import type { ComputeModel } from '../model/compute';
import { IComputeModel } from '../model/compute';
import { IAccounts } from '../tokens';

/** Offers the accounts to other plugins and extensions. */
export const accountsPlugin: JupyterFrontEndPlugin<IAccounts> = {
  id: 'jupyterlab-globus-compute:accounts',
  description: 'As whom compute services are used; signing in and out.',
  autoStart: true,
  provides: IAccounts,
  requires: [IComputeModel],
  activate: (_app, compute: ComputeModel) => {
    const { accounts } = compute;
    // Whoever comes back may have signed in, or out, in a terminal.
    window.addEventListener('focus', () => {
      if (accounts.items.length > 0) {
        void accounts.refresh();
      }
    });
    return accounts;
  }
};
