/**
 * Sign-in of a person, by OpenID Connect with PKCE. The only file of the SDK
 * that imports oidc-client-ts.
 */

import {
  InMemoryWebStorage,
  OidcClient,
  WebStorageStateStore
} from 'oidc-client-ts';

import { AuthenticationError } from '../errors.js';
import {
  COMPUTE_SCOPE,
  GLOBUS_AUTH,
  GLOBUS_CODE_PAGE,
  type IIssuer
} from './issuer.js';
import type { ILoginManager } from './manager.js';
import { type IToken, RenewingToken } from './token.js';
import {
  COMPUTE_RESOURCE_SERVER,
  postForm,
  readTokens
} from './tokenendpoint.js';

/**
 * Who signs in where.
 */
export interface IOidcOptions {
  /** UUID of the native or browser client. */
  clientId: string;

  /** Where the issuer sends the code; the page that shows it unless given. */
  redirectUri?: string;

  /** The rights asked for, between spaces. */
  scope?: string;

  /** Where to sign in; Globus Auth unless given. */
  issuer?: IIssuer;
}

/**
 * A sign-in that waits for its code.
 */
export interface IPendingSignIn {
  /** The page to open. */
  url: string;

  /** Ties the answer to this request. */
  state: string;
}

/**
 * Signs a person in and keeps the tokens in memory, one for each resource
 * server, renewed while the issuer allows.
 *
 * oidc-client-ts' own user store is not used: it drops `other_tokens`, where
 * Globus Auth puts the token for Compute.
 *
 * @example
 * ```ts
 * const { url } = await manager.beginSignIn();
 * // The person opens the page, and pastes the code or the whole address.
 * await manager.completeSignIn(pasted);
 * ```
 */
export class OidcLoginManager implements ILoginManager {
  /**
   * @param options - Who signs in where.
   */
  constructor(options: IOidcOptions) {
    this._clientId = options.clientId;
    this._issuer = options.issuer ?? GLOBUS_AUTH;
    this._redirectUri = options.redirectUri ?? GLOBUS_CODE_PAGE;
    this._oidc = new OidcClient({
      authority: this._issuer.issuer,
      client_id: options.clientId,
      redirect_uri: this._redirectUri,
      scope: options.scope ?? `openid ${COMPUTE_SCOPE}`,
      // Given here, so that nothing has to be discovered first.
      metadata: {
        issuer: this._issuer.issuer,
        authorization_endpoint: this._issuer.authorizationUrl,
        token_endpoint: this._issuer.tokenUrl
      },
      extraQueryParams: { access_type: 'offline' },
      stateStore: new WebStorageStateStore({ store: new InMemoryWebStorage() })
    });
  }

  /**
   * Start a sign-in; an earlier one that still waits is given up.
   *
   * @returns The page to open.
   * @throws AuthenticationError where PKCE cannot be computed: in a page that
   * was loaded over plain http from another machine.
   */
  async beginSignIn(): Promise<IPendingSignIn> {
    if ((crypto as Partial<Crypto>).subtle === undefined) {
      throw new AuthenticationError(
        'This page cannot sign in, because it was loaded without https. ' +
          'Open it over https, or sign in on the Jupyter server.',
        { code: 'INSECURE_PAGE' }
      );
    }
    const request = await this._oidc.createSigninRequest({});
    this._pendingState = request.state.id;
    return { url: request.url, state: request.state.id };
  }

  /**
   * Finish the sign-in.
   *
   * @param pasted - The code, or the whole address the issuer sent it to.
   * @throws AuthenticationError when no sign-in waits, or the code is wrong,
   * used or too old.
   */
  async completeSignIn(pasted: string): Promise<void> {
    if (this._pendingState === undefined) {
      throw new AuthenticationError(
        'No sign-in is waiting for a code. Start the sign-in again.',
        { code: 'NO_PENDING_SIGN_IN' }
      );
    }
    const address = this._answerAddress(pasted.trim(), this._pendingState);
    this._pendingState = undefined;
    let response: unknown;
    try {
      response = await this._oidc.processSigninResponse(address);
    } catch {
      // The library's message may quote the answer, tokens included.
      throw new AuthenticationError(
        'The code was not accepted: it may be mistyped, used or too old. ' +
          'Start the sign-in again.',
        { code: 'CODE_REFUSED' }
      );
    }
    this._keep(readTokens(response, Date.now()));
    await this.ensureLoggedIn();
  }

  /** @throws AuthenticationError when a person has to sign in first. */
  async ensureLoggedIn(): Promise<void> {
    await this.getAuthorizationHeaders();
  }

  /** @throws AuthenticationError when a person has to sign in first. */
  async getAuthorizationHeaders(): Promise<Record<string, string>> {
    const token = this._tokens.get(COMPUTE_RESOURCE_SERVER);
    if (!token) {
      throw new AuthenticationError('Sign in to Globus first.', {
        code: 'NOT_SIGNED_IN'
      });
    }
    return token.headers();
  }

  /**
   * Forget all tokens, and ask the issuer to end them. An issuer that does
   * not answer does not keep anybody signed in here.
   */
  async logout(): Promise<void> {
    const tokens = [...this._tokens.values()].flatMap(token =>
      token.current ? [token.current] : []
    );
    this._tokens.clear();
    this._pendingState = undefined;
    const url = this._issuer.revocationUrl;
    if (url !== undefined) {
      const ended = tokens
        .flatMap(token => [token.refreshToken, token.accessToken])
        .filter(token => token !== undefined)
        .map(token => postForm(url, { token, client_id: this._clientId }));
      await Promise.allSettled(ended);
    }
  }

  /** The address the issuer would have opened, built from a bare code. */
  private _answerAddress(pasted: string, state: string): string {
    if (URL.canParse(pasted)) {
      return pasted;
    }
    const answer = new URLSearchParams({ code: pasted, state });
    return `${this._redirectUri}?${answer.toString()}`;
  }

  private _keep(tokens: readonly IToken[]): void {
    for (const token of tokens) {
      const renew = (last: IToken | undefined) => this._renew(last ?? token);
      const kept = new RenewingToken(renew, token);
      this._tokens.set(token.resourceServer, kept);
    }
  }

  /** Globus Auth renews the token of each resource server by itself. */
  private async _renew(last: IToken): Promise<IToken> {
    if (last.refreshToken === undefined) {
      throw sessionEnded();
    }
    const answer = await postForm(this._issuer.tokenUrl, {
      grant_type: 'refresh_token',
      refresh_token: last.refreshToken,
      client_id: this._clientId
    });
    const token = readTokens(answer, Date.now()).at(0);
    if (!token) {
      throw sessionEnded();
    }
    // The refresh token stays in use where no new one is given.
    return {
      ...token,
      refreshToken: token.refreshToken ?? last.refreshToken,
      resourceServer: last.resourceServer
    };
  }

  private readonly _clientId: string;
  private readonly _issuer: IIssuer;
  private readonly _oidc: OidcClient;
  private _pendingState: string | undefined;
  private readonly _redirectUri: string;
  private readonly _tokens = new Map<string, RenewingToken>();
}

function sessionEnded(): AuthenticationError {
  return new AuthenticationError('The sign-in has ended. Sign in again.', {
    code: 'SIGN_IN_ENDED'
  });
}
