import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type { ITransport } from '../sdk';
import { AxiosTransport } from '../sdk';

/** A compute service that the gateway can reach. */
export interface IServiceProfile {
  /** Its name in the gateway's routes. */
  readonly name: string;
  /** What people call it. */
  readonly label: string;
}

const NOT_ENABLED =
  'The Jupyter server does not have the Globus Compute extension. ' +
  'Run "jupyter server extension enable jupyterlab_globus_compute" and ' +
  'start the server again.';

/** Route of the gateway below the server's base URL. */
const ROUTE = 'globus-compute/services';

/**
 * The gateway in the Jupyter server: the way to every compute service.
 *
 * It is reached over the same origin with JupyterLab's own credentials; the
 * tokens of the services stay in the server.
 */
export class Gateway {
  constructor(settings: ServerConnection.ISettings) {
    this._settings = settings;
  }

  /**
   * The services that the server's configuration names.
   *
   * @throws ServerConnection.ResponseError when the server refuses, and says
   * what to do when it does not have this extension.
   */
  async profiles(): Promise<IServiceProfile[]> {
    const response = await ServerConnection.makeRequest(
      URLExt.join(this._settings.baseUrl, ROUTE),
      {},
      this._settings
    );
    if (response.status === 404) {
      throw new ServerConnection.ResponseError(response, NOT_ENABLED);
    }
    if (!response.ok) {
      throw await ServerConnection.ResponseError.create(response);
    }
    const { services } = (await response.json()) as {
      services: IServiceProfile[];
    };
    return services;
  }

  /** The transport to one service, for an SDK client. */
  transport(service: string): ITransport {
    return new AxiosTransport({
      baseUrl: URLExt.join(
        this._settings.baseUrl,
        ROUTE,
        encodeURIComponent(service)
      ),
      authorize: () => this._headers(),
      withXsrf: true
    });
  }

  private _headers(): Record<string, string> {
    const { token } = this._settings;
    return token ? { Authorization: `token ${token}` } : {};
  }

  private readonly _settings: ServerConnection.ISettings;
}
