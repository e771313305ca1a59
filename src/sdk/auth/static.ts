/**
 * Tokens obtained elsewhere.
 */

import { AuthenticationError } from '../errors.js';
import { COMPUTE_RESOURCE_SERVER, resourceServerOf } from './issuer.js';
import { LoginManager } from './loginmanager.js';
import type { IHeaderOptions } from './manager.js';
import { bearer } from './tokens.js';

/**
 * Hands out access tokens, e.g. that of a local service. It cannot renew
 * them.
 *
 * @example
 * ```ts
 * new StaticTokenLoginManager(computeToken);
 * new StaticTokenLoginManager({
 *   [COMPUTE_SCOPE]: computeToken,
 *   openid: openidToken
 * });
 * ```
 */
export class StaticTokenLoginManager extends LoginManager {
  /**
   * @param tokens - The access token for Globus Compute, without `Bearer`; or
   * one for each resource server, named by it (`funcx_service`,
   * `auth.globus.org`) or by its scope.
   */
  constructor(tokens: string | Readonly<Record<string, string>>) {
    super();
    const named =
      typeof tokens === 'string'
        ? { [COMPUTE_RESOURCE_SERVER]: tokens }
        : tokens;
    this.#tokens = new Map(
      Object.entries(named).map(([name, token]) => [
        resourceServerOf(name),
        token
      ])
    );
  }

  /**
   * Headers with the token for a resource server; the same after a refusal.
   *
   * @throws AuthenticationError when there is none, or after `logout`.
   */
  getAuthorizationHeaders(
    options: IHeaderOptions = {}
  ): Promise<Record<string, string>> {
    const server = options.resourceServer ?? COMPUTE_RESOURCE_SERVER;
    const accessToken = this.#tokens.get(server) ?? '';
    return accessToken === ''
      ? Promise.reject(noToken(server))
      : Promise.resolve(bearer({ accessToken }));
  }

  /** Forget the tokens; they stay valid for whoever issued them. */
  logout(): Promise<void> {
    this.#tokens.clear();
    return Promise.resolve();
  }

  readonly #tokens: Map<string, string>;
}

function noToken(server: string): AuthenticationError {
  return new AuthenticationError(
    `There is no token for ${server}. Sign in, or give a token to a new ` +
      'login manager.',
    { code: 'NOT_SIGNED_IN' }
  );
}
