/**
 * What every login manager of the SDK shares.
 */

import { AxiosTransport } from '../transport.js';
import type { ITransport } from '../types.js';
import { AuthClient, type IAuthClient } from './authclient.js';
import { AUTH_RESOURCE_SERVER, GLOBUS_AUTH } from './issuer.js';
import type {
  IHeaderOptions,
  ILoginManager,
  WebClientOptions
} from './manager.js';

/**
 * A login manager whose clients take their headers from
 * `getAuthorizationHeaders`. Subclasses say where the tokens come from.
 *
 * @example
 * ```ts
 * class HubLoginManager extends LoginManager {
 *   async getAuthorizationHeaders() {
 *     return { Authorization: `Bearer ${await tokenOfTheHub()}` };
 *   }
 *   async logout() {}
 * }
 * ```
 */
export abstract class LoginManager implements ILoginManager {
  /** @throws AuthenticationError when a person has to sign in first. */
  abstract getAuthorizationHeaders(
    options?: IHeaderOptions
  ): Promise<Record<string, string>>;

  /** Forget all tokens, and revoke them where the issuer allows it. */
  abstract logout(): Promise<void>;

  /** @throws AuthenticationError when a person has to sign in first. */
  async ensureLoggedIn(): Promise<void> {
    await this.getAuthorizationHeaders();
  }

  /** Speaks to Globus Auth as whoever is signed in. */
  getAuthClient(): IAuthClient {
    return new AuthClient(
      new AxiosTransport({
        baseUrl: this.userinfoUrl,
        authorize: options =>
          this.getAuthorizationHeaders({
            ...options,
            resourceServer: AUTH_RESOURCE_SERVER
          })
      })
    );
  }

  /** Carries requests to the Compute service as whoever is signed in. */
  getWebClient(options: WebClientOptions): ITransport {
    return new AxiosTransport({
      ...options,
      authorize: asked => this.getAuthorizationHeaders(asked)
    });
  }

  /** Where the issuer says who is signed in. */
  protected get userinfoUrl(): string {
    return GLOBUS_AUTH.userinfoUrl;
  }
}
