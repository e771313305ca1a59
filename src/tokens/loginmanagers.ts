import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';

import type { ILoginManager } from '../sdk';

/**
 * Login managers of other extensions, for services that the browser talks to
 * itself (direct mode). A service that the Jupyter server reaches is signed
 * in to by the server, and needs none.
 */
export interface ILoginManagers {
  /**
   * Let a service use a login manager in place of the sign-in that the
   * settings describe.
   *
   * @param service - Name of the service in the settings of direct mode.
   * @param manager - Gives the headers of its requests. Its
   * `ensureLoggedIn` is called when a person presses *Sign in*, and may open
   * a window then.
   * @returns disposing of it takes the login manager back.
   * @throws Error if the service has a login manager already.
   */
  add(service: string, manager: ILoginManager): IDisposable;
}

/** Token of {@link ILoginManagers}. */
export const ILoginManagers = new Token<ILoginManagers>(
  'jupyterlab-globus-compute:ILoginManagers',
  'Takes login managers for services that the browser talks to itself.'
);
