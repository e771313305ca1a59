/**
 * Tokens obtained elsewhere.
 */

import { AuthenticationError } from '../errors.js';
import type { ILoginManager } from './manager.js';

/**
 * Hands out one access token, e.g. that of a local service. It cannot renew
 * it.
 */
export class StaticTokenLoginManager implements ILoginManager {
  /**
   * @param token - The access token, without `Bearer`.
   */
  constructor(token: string) {
    this._token = token;
  }

  /** @throws AuthenticationError after `logout`. */
  async ensureLoggedIn(): Promise<void> {
    await this.getAuthorizationHeaders();
  }

  /** @throws AuthenticationError after `logout`. */
  getAuthorizationHeaders(): Promise<Record<string, string>> {
    return this._token === ''
      ? Promise.reject(
          new AuthenticationError(
            'There is no token. Sign in, or give a token to a new client.',
            { code: 'NOT_SIGNED_IN' }
          )
        )
      : Promise.resolve({ Authorization: `Bearer ${this._token}` });
  }

  /** Forget the token; it stays valid for whoever issued it. */
  logout(): Promise<void> {
    this._token = '';
    return Promise.resolve();
  }

  private _token: string;
}
