/**
 * A JupyterLab extension that signs in to a compute service with tokens of
 * its own hub: it gives Globus Compute a login manager.
 */

import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILoginManagers } from 'jupyterlab-globus-compute';
import type { IHeaderOptions } from 'jupyterlab-globus-compute/sdk';
import {
  AuthenticationError,
  LoginManager
} from 'jupyterlab-globus-compute/sdk';

/** What the hub answers. */
interface IHubToken {
  readonly token: string;
  /** Seconds since the epoch. */
  readonly expires: number;
}

/** Some time before a token ends another one is asked for, in seconds. */
const MARGIN_S = 60;

/** Takes the tokens of a service from the hub that serves this JupyterLab. */
class HubLoginManager extends LoginManager {
  /**
   * @param tokenUrl - Where the hub gives the token of who asks.
   */
  constructor(tokenUrl: string) {
    super();
    this.#tokenUrl = tokenUrl;
  }

  /** @throws AuthenticationError when the hub gives no token. */
  async getAuthorizationHeaders(
    options: IHeaderOptions = {}
  ): Promise<Record<string, string>> {
    const isOver =
      !this.#last || this.#last.expires - MARGIN_S < Date.now() / 1000;
    if (isOver || options.refresh) {
      this.#last = await this.#ask();
    }
    return { Authorization: `Bearer ${this.#last?.token ?? ''}` };
  }

  /** The hub keeps its tokens; this page forgets its copy. */
  logout(): Promise<void> {
    this.#last = undefined;
    return Promise.resolve();
  }

  async #ask(): Promise<IHubToken> {
    const response = await fetch(this.#tokenUrl, {
      credentials: 'same-origin'
    });
    if (!response.ok) {
      throw new AuthenticationError(
        'The hub gave no token for Globus Compute. Sign in to the hub again.',
        { code: 'NOT_SIGNED_IN', httpStatus: response.status }
      );
    }
    return (await response.json()) as IHubToken;
  }

  readonly #tokenUrl: string;
  #last: IHubToken | undefined;
}

const plugin: JupyterFrontEndPlugin<void> = {
  // Of an extension of its own, whose package has this name.
  // eslint-disable-next-line jupyter/plugin-id-convention
  id: 'example-login-manager:plugin',
  description: 'Signs in to the service "lab" with tokens of the hub.',
  autoStart: true,
  requires: [ILoginManagers],
  activate: (_app: JupyterFrontEnd, managers: ILoginManagers) => {
    // "lab" is the name of the service in the settings of direct mode.
    managers.add('lab', new HubLoginManager('/services/compute-tokens/token'));
  }
};

export default plugin;
