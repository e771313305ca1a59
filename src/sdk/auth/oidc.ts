/**
 * Sign-in of a person, by OpenID Connect with PKCE.
 */

import { AuthenticationError } from '../errors.js';
import {
  CodeFlow,
  type ICodeFlowOptions,
  type IPendingSignIn,
  type ISignInOptions
} from './codeflow.js';
import {
  COMPUTE_RESOURCE_SERVER,
  COMPUTE_SCOPE,
  GLOBUS_AUTH,
  GLOBUS_CODE_PAGE,
  type IIssuer
} from './issuer.js';
import { LoginManager } from './loginmanager.js';
import type { IHeaderOptions } from './manager.js';
import { SignInPopup } from './popup.js';
import type { IToken, ITokenStore } from './store.js';
import { postForm, readTokens, revokeTokens } from './tokenendpoint.js';
import { notSignedIn, Tokens } from './tokens.js';

/**
 * Who signs in where.
 */
export interface IOidcOptions {
  /** UUID of the native or browser client. */
  clientId: string;

  /**
   * Where the issuer sends the code; Globus Auth's page that shows it unless
   * given. For a popup or a redirect, a page of the same origin as this one.
   */
  redirectUri?: string;

  /** The rights asked for, between spaces. */
  scope?: string;

  /** Where to sign in; Globus Auth unless given. */
  issuer?: IIssuer;

  /** Where the tokens are kept; in memory unless given. */
  tokenStore?: ITokenStore;
}

/**
 * Signs a person in and keeps the tokens, one for each resource server,
 * renewed while the issuer allows.
 *
 * @example By a code that the person copies; works everywhere:
 * ```ts
 * const { url } = await manager.beginSignIn();
 * // The person opens the page, and pastes the code or the whole address.
 * await manager.completeSignIn(pasted);
 * ```
 *
 * @example By a window, called while the press of a button is handled:
 * ```ts
 * await manager.signInWithPopup();
 * // The page of `redirectUri` calls passSignInToOpener().
 * ```
 *
 * @example By leaving the page:
 * ```ts
 * if (!(await manager.completeRedirect())) {
 *   await manager.signInWithRedirect();
 * }
 * ```
 */
export class OidcLoginManager extends LoginManager {
  /**
   * @param options - Who signs in where.
   */
  constructor(options: IOidcOptions) {
    super();
    this.#clientId = options.clientId;
    this.#issuer = options.issuer ?? GLOBUS_AUTH;
    this.#flowOptions = {
      clientId: options.clientId,
      redirectUri: options.redirectUri ?? GLOBUS_CODE_PAGE,
      scope: options.scope ?? `openid ${COMPUTE_SCOPE}`,
      issuer: this.#issuer
    };
    this.#flow = new CodeFlow(this.#flowOptions);
    this.#tokens = new Tokens(
      {
        renew: last => this.#renew(last),
        revoke: tokens => revokeTokens(this.#issuer, tokens, this.#clientId)
      },
      options.tokenStore
    );
  }

  /**
   * Start a sign-in by a code; an earlier one that still waits is given up.
   *
   * @returns The page to open.
   * @throws AuthenticationError where PKCE cannot be computed: in a page that
   * was loaded over plain http from another machine.
   */
  beginSignIn(options?: ISignInOptions): Promise<IPendingSignIn> {
    return this.#flow.begin(options);
  }

  /**
   * Finish the sign-in.
   *
   * @param pasted - The code, or the whole address the issuer sent it to.
   * @throws AuthenticationError when no sign-in waits; when the address is of
   * another sign-in or was used before; when the code is wrong or too old.
   * @throws NetworkError when the issuer does not answer.
   */
  async completeSignIn(pasted: string): Promise<void> {
    await this.#finish(this.#flow, pasted);
  }

  /**
   * Sign in by a window. Call it while the press of a button is handled, else
   * the browser may not allow the window.
   *
   * @throws AuthenticationError when the window is not allowed, is closed, or
   * the issuer refuses.
   * @throws RequestAborted when the signal fires.
   */
  async signInWithPopup(
    options: ISignInOptions & { signal?: AbortSignal } = {}
  ): Promise<void> {
    this.#checkRedirectPage();
    const popup = new SignInPopup();
    const flow = new CodeFlow(this.#flowOptions);
    try {
      const { url } = await flow.begin(options);
      await this.#finish(flow, await popup.answerTo(url, options.signal));
    } finally {
      popup.close();
    }
  }

  /**
   * Leave this page for the issuer's, which comes back to `redirectUri`. The
   * tokens are then those of the new page; this one's memory is gone.
   */
  async signInWithRedirect(options?: ISignInOptions): Promise<void> {
    const { url } = await this.#redirectFlow().begin(options);
    globalThis.location.assign(url);
  }

  /**
   * Finish the sign-in with which the issuer came back to this page, and take
   * the code out of its address.
   *
   * @returns False when the address of this page holds no answer.
   * @throws AuthenticationError as `completeSignIn` does.
   */
  async completeRedirect(): Promise<boolean> {
    const address = new URL(globalThis.location.href);
    const { searchParams } = address;
    const isAnswer = searchParams.has('code') || searchParams.has('error');
    if (!isAnswer || !searchParams.has('state')) {
      return false;
    }
    const pasted = address.href;
    for (const name of ANSWER_PARAMETERS) {
      searchParams.delete(name);
    }
    globalThis.history.replaceState(null, '', address);
    await this.#finish(this.#redirectFlow(), pasted);
    return true;
  }

  /** @throws AuthenticationError when a person has to sign in first. */
  getAuthorizationHeaders(
    options?: IHeaderOptions
  ): Promise<Record<string, string>> {
    return this.#tokens.headers(options);
  }

  /** Forget all tokens, and ask the issuer to end them. */
  async logout(): Promise<void> {
    await this.#flow.giveUp();
    await this.#tokens.end();
  }

  /** Where the issuer says who is signed in. */
  protected override get userinfoUrl(): string {
    return this.#issuer.userinfoUrl;
  }

  async #finish(flow: CodeFlow, pasted: string): Promise<void> {
    const tokens = readTokens(await flow.complete(pasted), Date.now());
    if (!tokens.some(t => t.resourceServer === COMPUTE_RESOURCE_SERVER)) {
      await revokeTokens(this.#issuer, tokens, this.#clientId);
      throw new AuthenticationError(
        'The sign-in gave no token for Globus Compute. Sign in again and ' +
          'allow what the page asks for.',
        { code: 'NO_TOKEN' }
      );
    }
    await this.#tokens.begin(tokens);
  }

  /** Globus Auth renews the token of each resource server by itself. */
  async #renew(last: IToken | undefined): Promise<IToken[]> {
    if (!last) {
      throw notSignedIn();
    }
    if (last.refreshToken === undefined) {
      throw signInEnded();
    }
    const answer = await postForm(this.#issuer.tokenUrl, {
      grant_type: 'refresh_token',
      refresh_token: last.refreshToken,
      client_id: this.#clientId
    });
    const token = readTokens(answer, Date.now()).at(0);
    if (!token) {
      throw signInEnded();
    }
    return [
      {
        ...token,
        // The refresh token stays in use where no new one is given.
        refreshToken: token.refreshToken ?? last.refreshToken,
        resourceServer: last.resourceServer
      }
    ];
  }

  /** A request that outlives this page is kept by the tab. */
  #redirectFlow(): CodeFlow {
    const storage = globalThis.sessionStorage;
    return new CodeFlow({ ...this.#flowOptions, storage });
  }

  #checkRedirectPage(): void {
    const { origin } = new URL(this.#flowOptions.redirectUri);
    if (origin !== globalThis.location.origin) {
      throw new AuthenticationError(
        `The sign-in would come back to ${origin}, which this page cannot ` +
          'read. Sign in with a code, or name a page of this origin.',
        { code: 'FOREIGN_REDIRECT' }
      );
    }
  }

  readonly #clientId: string;
  readonly #flow: CodeFlow;
  readonly #flowOptions: ICodeFlowOptions;
  readonly #issuer: IIssuer;
  readonly #tokens: Tokens;
}

/** What an issuer adds to the address it comes back to. */
const ANSWER_PARAMETERS = [
  'code',
  'error',
  'error_description',
  'iss',
  'session_state',
  'state'
];

function signInEnded(): AuthenticationError {
  return new AuthenticationError('The sign-in has ended. Sign in again.', {
    code: 'SIGN_IN_ENDED'
  });
}
