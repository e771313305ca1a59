import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import type { ITransport } from '../sdk';
import { AxiosTransport } from '../sdk';
import type { IServiceInfo, SignInRequirements } from '../tokens';

/** A compute service that the gateway can reach. */
interface IServiceProfile {
  /** Its name in the gateway's routes. */
  readonly name: string;
  /** What people call it. */
  readonly label: string;
  readonly kind?: IServiceInfo['kind'];
  readonly needsAccount?: boolean;
  readonly features?: Partial<IServiceInfo['features']>;
  readonly unavailable?: string;
}

/** The services that the server's configuration names. */
export interface IServiceList {
  readonly services: readonly IServiceInfo[];
  /** Name of the one that is used where nothing else is said. */
  readonly default: string | null;
}

const NOT_ENABLED =
  'The Jupyter server does not have the Globus Compute extension. ' +
  'Run "jupyter server extension enable jupyterlab_globus_compute" and ' +
  'start the server again.';

/** Route of the gateway below the server's base URL. */
const ROUTE = 'globus-compute';

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
  async services(): Promise<IServiceList> {
    const response = await this._fetch('services');
    if (response.status === 404) {
      throw new ServerConnection.ResponseError(response, NOT_ENABLED);
    }
    const list = (await read(response)) as {
      services: IServiceProfile[];
      default?: string;
    };
    const services = list.services.map(describe);
    return { services, default: list.default ?? services.at(0)?.name ?? null };
  }

  /**
   * A request to the gateway itself.
   *
   * @param path - Below the gateway's route, ids encoded.
   * @param body - Sent as JSON, if given.
   * @param isLastWord - Send it even if the page is closed meanwhile.
   * @returns the answer's JSON; `null` if it has none.
   * @throws GatewayRefusal when the gateway refuses.
   */
  async request(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    isLastWord = false
  ): Promise<unknown> {
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const init = { method, keepalive: isLastWord, ...text };
    return read(await this._fetch(path, init));
  }

  /** The transport to one service, for an SDK client. */
  transport(service: string): ITransport {
    return new AxiosTransport({
      baseUrl: URLExt.join(
        this._settings.baseUrl,
        ROUTE,
        'services',
        encodeURIComponent(service)
      ),
      authorize: () => this._headers(),
      withXsrf: true
    });
  }

  /** Address of something that the browser fetches by itself. */
  url(path: string): string {
    return URLExt.join(this._settings.baseUrl, ROUTE, path);
  }

  /** A new connection to the gateway's events. */
  connect(): WebSocket {
    const { wsUrl, token, appendToken, WebSocket } = this._settings;
    const url = URLExt.join(wsUrl, ROUTE, 'events');
    return new WebSocket(
      appendToken && token ? `${url}?token=${encodeURIComponent(token)}` : url
    );
  }

  private _fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return ServerConnection.makeRequest(this.url(path), init, this._settings);
  }

  private _headers(): Record<string, string> {
    const { token } = this._settings;
    return token ? { Authorization: `token ${token}` } : {};
  }

  private readonly _settings: ServerConnection.ISettings;
}

/** The gateway refused a request, and says why in words for a person. */
export class GatewayRefusal extends ServerConnection.ResponseError {
  constructor(
    response: Response,
    /** Names the reason, as `TAKE_OVER_NEEDED`; empty if not given. */
    readonly code: string,
    reason: string,
    /** What a sign-in has to satisfy, where the reason is the want of one. */
    readonly requirements: SignInRequirements | null = null
  ) {
    super(response, reason);
  }
}

function describe(profile: IServiceProfile): IServiceInfo {
  const { name, label, kind = 'other', features, unavailable } = profile;
  return {
    name,
    label,
    kind,
    needsAccount: profile.needsAccount ?? kind !== 'local',
    features: {
      cancel: features?.cancel ?? false,
      events: features?.events ?? false
    },
    ...(unavailable !== undefined && { unavailable })
  };
}

async function read(response: Response): Promise<unknown> {
  const text = await response.text();
  const body = parsed(text);
  if (response.ok) {
    return body;
  }
  const { code, reason, message, requirements } = (body ?? {}) as Record<
    string,
    unknown
  >;
  const words = [reason, message].find(part => typeof part === 'string');
  throw new GatewayRefusal(
    response,
    typeof code === 'string' ? code : '',
    words ??
      `The Jupyter server refused: ${response.status} ${response.statusText}.`,
    typeof requirements === 'object' && requirements !== null
      ? (requirements as SignInRequirements)
      : null
  );
}

function parsed(text: string): unknown {
  try {
    return text.trim() === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
