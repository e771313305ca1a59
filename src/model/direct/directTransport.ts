import type { ITransport, ITransportRequest } from '../../sdk';
import { AxiosTransport, NetworkError } from '../../sdk';
import type { DirectLogin } from './directLogin';
import type { IDirectService } from './directSettings';

/** Carries requests from the browser to a service on another origin. */
export class DirectTransport implements ITransport {
  constructor(
    { label, url }: Pick<IDirectService, 'label' | 'url'>,
    login: Pick<DirectLogin, 'headers'>
  ) {
    this._label = label;
    this._transport = new AxiosTransport({
      baseUrl: url,
      authorize: options => login.headers(options)
    });
  }

  /**
   * Send one request.
   *
   * @throws ComputeError
   */
  async request(request: ITransportRequest): Promise<unknown> {
    try {
      return await this._transport.request(request);
    } catch (reason) {
      if (reason instanceof NetworkError && reason.code === 'UNREACHABLE') {
        // A browser does not tell which of the two it is.
        throw new NetworkError(
          `The browser could not reach ${this._label}. Either the network or the service is down, or the service ` +
            `does not let pages of ${globalThis.location.origin} talk to it (CORS). In the second case install the ` +
            'extension in the Jupyter server too: it needs no such permission.',
          { code: reason.code, neverSent: reason.neverSent }
        );
      }
      throw reason;
    }
  }

  private readonly _label: string;
  private readonly _transport: AxiosTransport;
}
