/**
 * The protocol between a client and whatever holds its tokens.
 */

import type { ITransportOptions } from '../transport.js';
import type { ITransport } from '../types.js';
import type { IAuthClient } from './authclient.js';

/**
 * What a caller says when it asks for the headers of a request.
 */
export interface IAuthorizeOptions {
  /**
   * True after the service refused the headers given last: get a new token,
   * even if the last one has not ended.
   */
  refresh: boolean;

  /**
   * The headers that were refused. When others have been obtained since then,
   * those are given and nothing is renewed once more.
   */
  refused?: Readonly<Record<string, string>>;
}

/**
 * Whose headers are asked for.
 */
export interface IHeaderOptions extends Partial<IAuthorizeOptions> {
  /** The service they are for; Globus Compute, `funcx_service`, by default. */
  resourceServer?: string;
}

/**
 * How a service is reached; the tokens are the login manager's.
 */
export type WebClientOptions = Omit<ITransportOptions, 'authorize'>;

/**
 * Signs in, and serves whoever speaks to Globus with what proves it. The
 * counterpart of `LoginManagerProtocol` in the Python SDK up to 3.
 *
 * {@link LoginManager} implements all but the tokens themselves.
 */
export interface ILoginManager {
  /**
   * Make sure that a usable token is at hand.
   *
   * @throws AuthenticationError when a person has to sign in first.
   */
  ensureLoggedIn(): Promise<void>;

  /** Forget all tokens, and revoke them where the issuer allows it. */
  logout(): Promise<void>;

  /** Speaks to Globus Auth as whoever is signed in. */
  getAuthClient(): IAuthClient;

  /** Carries requests to the Compute service as whoever is signed in. */
  getWebClient(options: WebClientOptions): ITransport;

  /**
   * Headers for one request, with a token that is still valid.
   *
   * @throws AuthenticationError when a person has to sign in first.
   * @throws NetworkError when a token has to be renewed and the issuer does
   * not answer.
   */
  getAuthorizationHeaders(
    options?: IHeaderOptions
  ): Promise<Record<string, string>>;
}
