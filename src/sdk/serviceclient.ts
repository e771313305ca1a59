/**
 * What all parts of a client share.
 */

import { readVersion } from './answers.js';
import type { ILoginManager } from './auth/manager.js';
import { type ClientOptions, connect } from './connection.js';
import { LookupCache } from './lookups.js';
import type {
  IServiceVersion,
  ITransport,
  ITransportRequest
} from './types.js';
import { COMPATIBLE_SDK_VERSION, requireVersion } from './versions.js';

/**
 * Speaks to a service as somebody: requests, sign-in, versions.
 */
export class ServiceClient {
  /**
   * @param options - The service, or the transport to it.
   */
  constructor(options: ClientOptions) {
    const { transport, loginManager } = connect(options);
    this.transport = transport;
    this._loginManager = loginManager;
    this.lookups = new LookupCache(
      async () => (await this._loginManager?.getAuthorizationHeaders()) ?? {}
    );
  }

  /**
   * Versions of the service: `GET /v2/version?service=all`.
   */
  async getVersion(signal?: AbortSignal): Promise<IServiceVersion> {
    const query = { service: 'all' };
    return readVersion(await this.get('/v2/version', signal, query));
  }

  /**
   * Check that the service accepts requests like this SDK's, and an
   * endpoint: `GET /v2/version?service=all`.
   *
   * @param options - `endpointVersion` is the version of an endpoint to check
   * too, e.g. from `getEndpointMetadata`.
   * @throws VersionMismatch when something is older than it accepts.
   */
  async versionCheck(
    options: { endpointVersion?: string; signal?: AbortSignal } = {}
  ): Promise<void> {
    const { endpointVersion, signal } = options;
    const version = await this.getVersion(signal);
    requireVersion(
      'this SDK',
      COMPATIBLE_SDK_VERSION,
      version.minSdkVersion ?? '0'
    );
    if (endpointVersion !== undefined) {
      requireVersion(
        'globus-compute-endpoint',
        endpointVersion,
        version.minEndpointVersion ?? '0'
      );
    }
  }

  /**
   * Get a new token and forget what was looked up with the old one.
   *
   * @throws AuthenticationError when a person has to sign in first.
   */
  async forceLogin(): Promise<void> {
    this.lookups.clear();
    await this._loginManager?.ensureLoggedIn();
    await this._loginManager?.getAuthorizationHeaders({ refresh: true });
  }

  /**
   * Forget all tokens, and what was looked up with them.
   */
  async logout(): Promise<void> {
    this.lookups.clear();
    await this._loginManager?.logout();
  }

  /** Send a GET request. */
  protected get(
    path: string,
    signal?: AbortSignal,
    query?: Record<string, string>
  ): Promise<unknown> {
    return this.transport.request({ method: 'GET', path, query, signal });
  }

  /** Send a request with a JSON body. */
  protected send(
    method: ITransportRequest['method'],
    path: string,
    body?: unknown,
    signal?: AbortSignal
  ): Promise<unknown> {
    return this.transport.request({ method, path, body, signal });
  }

  /** What was looked up as whoever is signed in. */
  protected readonly lookups: LookupCache;

  /** Carries the requests. */
  protected readonly transport: ITransport;

  private readonly _loginManager?: ILoginManager;
}

/** A path with its ids encoded. */
export function path(texts: TemplateStringsArray, ...ids: string[]): string {
  return String.raw({ raw: texts }, ...ids.map(encodeURIComponent));
}
