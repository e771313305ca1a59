/**
 * Sign-in of a program, with a client id and a secret.
 */

import { AuthenticationError } from '../errors.js';
import { encodeUtf8 } from '../pickle/utf8.js';
import { encodeBase64 } from '../serialize/base64.js';
import { COMPUTE_SCOPE, GLOBUS_AUTH } from './issuer.js';
import type { ILoginManager } from './manager.js';
import { type IToken, RenewingToken } from './token.js';
import {
  COMPUTE_RESOURCE_SERVER,
  postForm,
  readTokens
} from './tokenendpoint.js';

/**
 * Who the program is, and where it signs in.
 */
export interface IClientCredentialsOptions {
  /** UUID of the client, `GLOBUS_COMPUTE_CLIENT_ID` in Python. */
  clientId: string;

  /** Its secret, `GLOBUS_COMPUTE_CLIENT_SECRET` in Python. */
  clientSecret: string;

  /** The rights asked for; Globus Compute unless given. */
  scope?: string;

  /** The token endpoint; Globus Auth's unless given. */
  tokenUrl?: string;
}

/**
 * Signs in with the client credentials grant (RFC 6749, section 4.4), and
 * again before the token ends. For Node: a secret has no place in a browser.
 */
export class ClientCredentialsLoginManager implements ILoginManager {
  /**
   * @param options - Who the program is.
   */
  constructor(options: IClientCredentialsOptions) {
    this._options = options;
    this._token = this._freshToken();
  }

  /** @throws AuthenticationError when the id or the secret is wrong. */
  async ensureLoggedIn(): Promise<void> {
    await this._token.headers();
  }

  /** @throws AuthenticationError when the id or the secret is wrong. */
  getAuthorizationHeaders(): Promise<Record<string, string>> {
    return this._token.headers();
  }

  /** Forget the token. The next request signs in again. */
  logout(): Promise<void> {
    this._token = this._freshToken();
    return Promise.resolve();
  }

  private _freshToken(): RenewingToken {
    return new RenewingToken(() => this._signIn());
  }

  private async _signIn(): Promise<IToken> {
    const { clientId, clientSecret } = this._options;
    const form = {
      grant_type: 'client_credentials',
      scope: this._options.scope ?? COMPUTE_SCOPE
    };
    const answer = await postForm(
      this._options.tokenUrl ?? GLOBUS_AUTH.tokenUrl,
      form,
      { Authorization: basicCredentials(clientId, clientSecret) }
    );
    const tokens = readTokens(answer, Date.now());
    const token =
      tokens.find(t => t.resourceServer === COMPUTE_RESOURCE_SERVER) ??
      tokens.at(0);
    if (!token) {
      throw new AuthenticationError(
        'The sign-in service gave no token. Check the scope asked for.',
        { code: 'NO_TOKEN' }
      );
    }
    return token;
  }

  private readonly _options: IClientCredentialsOptions;
  private _token: RenewingToken;
}

/** Id and secret are form-encoded first (RFC 6749, section 2.3.1). */
function basicCredentials(clientId: string, clientSecret: string): string {
  const parts = [clientId, clientSecret].map(encodeURIComponent);
  const encoded = encodeBase64(encodeUtf8(parts.join(':')));
  return `Basic ${encoded.replaceAll('\n', '')}`;
}
