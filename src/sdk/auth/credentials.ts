/**
 * Sign-in of a program, with a client id and a secret.
 */

import { COMPUTE_SCOPE, GLOBUS_AUTH, type IIssuer } from './issuer.js';
import { LoginManager } from './loginmanager.js';
import type { IHeaderOptions } from './manager.js';
import type { IToken, ITokenStore } from './store.js';
import {
  type IClientSecret,
  postForm,
  readTokens,
  revokeTokens
} from './tokenendpoint.js';
import { Tokens } from './tokens.js';

/**
 * Who the program is, and where it signs in.
 */
export interface IClientCredentialsOptions extends IClientSecret {
  /** The rights asked for, between spaces; Globus Compute unless given. */
  scope?: string;

  /** Where to sign in; Globus Auth unless given. */
  issuer?: IIssuer;

  /** Where the tokens are kept; in memory unless given. */
  tokenStore?: ITokenStore;
}

/**
 * Signs in with the client credentials grant (RFC 6749, section 4.4), and
 * again before the token ends. For Node: a secret has no place in a browser.
 */
export class ClientCredentialsLoginManager extends LoginManager {
  /**
   * @param options - Who the program is.
   */
  constructor(options: IClientCredentialsOptions) {
    super();
    const { clientId, clientSecret } = options;
    this.#client = { clientId, clientSecret };
    this.#issuer = options.issuer ?? GLOBUS_AUTH;
    this.#scope = options.scope ?? COMPUTE_SCOPE;
    this.#tokens = new Tokens(
      {
        renew: () => this.#signIn(),
        revoke: tokens => revokeTokens(this.#issuer, tokens, this.#client)
      },
      options.tokenStore
    );
  }

  /** @throws AuthenticationError when the id or the secret is wrong. */
  getAuthorizationHeaders(
    options?: IHeaderOptions
  ): Promise<Record<string, string>> {
    return this.#tokens.headers(options);
  }

  /** Forget and revoke the tokens. The next request signs in again. */
  logout(): Promise<void> {
    return this.#tokens.end();
  }

  /** Where the issuer says who is signed in. */
  protected override get userinfoUrl(): string {
    return this.#issuer.userinfoUrl;
  }

  async #signIn(): Promise<IToken[]> {
    const form = { grant_type: 'client_credentials', scope: this.#scope };
    const answer = await postForm(this.#issuer.tokenUrl, form, this.#client);
    return readTokens(answer, Date.now());
  }

  readonly #client: IClientSecret;
  readonly #issuer: IIssuer;
  readonly #scope: string;
  readonly #tokens: Tokens;
}
