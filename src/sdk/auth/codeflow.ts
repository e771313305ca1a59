/**
 * The authorization code flow with PKCE (RFC 7636), by oidc-client-ts: the
 * only file of the SDK that imports it, and not before somebody signs in.
 */

import type { OidcClient, SigninResponse } from 'oidc-client-ts';

import { AuthenticationError, NetworkError } from '../errors.js';
import type { IIssuer } from './issuer.js';
import {
  type AuthorizationRequirementsError,
  type IAuthorizationRequirements,
  toAuthorizationQueryParams
} from './requirements.js';

/**
 * Who asks whom for what.
 */
export interface ICodeFlowOptions {
  /** UUID of the native or browser client. */
  clientId: string;

  /** Where the issuer sends the code. */
  redirectUri: string;

  /** The rights asked for, between spaces. */
  scope: string;

  /** Where to sign in. */
  issuer: IIssuer;

  /**
   * Keeps the request until its answer comes; in memory unless given. Only a
   * flow that leaves the page needs another: `sessionStorage`.
   */
  storage?: Storage;
}

/**
 * What a sign-in may say.
 */
export interface ISignInOptions {
  /** What a service said the sign-in must satisfy, or the error it gave. */
  requirements?: IAuthorizationRequirements | AuthorizationRequirementsError;
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

/** Begins the keys of what is kept until the answer comes. */
const KEY_PREFIX = 'globus-compute.sign-in.';

/** How far the issuer's clock may be off, in seconds. */
const CLOCK_SKEW_S = 300;

/**
 * Asks for a code, and exchanges it for tokens. One request waits at a time.
 */
export class CodeFlow {
  /**
   * @param options - Who asks whom for what.
   */
  constructor(options: ICodeFlowOptions) {
    this.#options = options;
  }

  /**
   * Make a request; an earlier one that still waits is given up.
   *
   * @throws AuthenticationError where PKCE cannot be computed: in a page that
   * was loaded over plain http from another machine.
   */
  async begin(options: ISignInOptions = {}): Promise<IPendingSignIn> {
    if ((crypto as Partial<Crypto>).subtle === undefined) {
      throw new AuthenticationError(
        'This page cannot sign in, because it was loaded without https. ' +
          'Open it over https, or sign in on the Jupyter server.',
        { code: 'INSECURE_PAGE' }
      );
    }
    await this.giveUp();
    const { scope, prompt, ...query } = toAuthorizationQueryParams(
      options.requirements ?? {}
    );
    const client = await this.#load();
    const request = await client.createSigninRequest({
      scope: union(this.#options.scope, scope),
      prompt,
      nonce: crypto.randomUUID(),
      extraQueryParams: { ...query, access_type: 'offline' }
    });
    return { url: request.url, state: request.state.id };
  }

  /**
   * Exchange the code of an answer.
   *
   * @param pasted - The code, or the whole address the issuer sent it to.
   * @returns What the token endpoint answered.
   * @throws AuthenticationError when no request waits, when the answer belongs
   * to another request or was used before, or when the issuer refuses.
   * @throws NetworkError when the issuer does not answer.
   */
  async complete(pasted: string): Promise<SigninResponse> {
    const client = await this.#load();
    const store = client.settings.stateStore;
    const [waiting] = await store.getAllKeys();
    if ((waiting as string | undefined) === undefined) {
      throw new AuthenticationError(
        'No sign-in is waiting for a code. Start the sign-in again.',
        { code: 'NO_PENDING_SIGN_IN' }
      );
    }
    const address = this.#addressOf(pasted.trim(), waiting);
    const { searchParams } = address;
    const isOurs =
      searchParams.get('state') === waiting &&
      // An issuer may name itself in its answers (RFC 9207).
      [null, this.#options.issuer.issuer].includes(searchParams.get('iss'));
    if (!isOurs) {
      throw new AuthenticationError(
        'This answer belongs to another sign-in, or was used before. Start ' +
          'the sign-in again.',
        { code: 'STATE_REFUSED' }
      );
    }
    return this.#exchange(client, address);
  }

  /** Forget the request that waits, if any. */
  async giveUp(): Promise<void> {
    if (this.#client) {
      const { stateStore } = (await this.#client).settings;
      const keys = await stateStore.getAllKeys();
      await Promise.all(keys.map(key => stateStore.remove(key)));
    }
  }

  async #exchange(client: OidcClient, address: URL): Promise<SigninResponse> {
    let response: SigninResponse;
    try {
      // This takes the request out of the store first: no answer counts twice.
      response = await client.processSigninResponse(address.href);
    } catch (error) {
      throw await failureOf(error);
    }
    this.#checkIdToken(response);
    return response;
  }

  /**
   * Whether the ID token is from our issuer and for us. Its signature need not
   * be checked: it comes from the issuer itself (OpenID Connect Core 1.0,
   * section 3.1.3.7). oidc-client-ts checks only its nonce.
   */
  #checkIdToken({ isOpenId, profile }: SigninResponse): void {
    if (!isOpenId) {
      return;
    }
    const { clientId, issuer } = this.#options;
    const isValid =
      profile.iss === issuer.issuer &&
      [profile.aud].flat().includes(clientId) &&
      profile.exp > Date.now() / 1000 - CLOCK_SKEW_S;
    if (!isValid) {
      throw new AuthenticationError(
        'The sign-in service answered with the identity of another sign-in. ' +
          'Check its address and the clock of this computer.',
        { code: 'ID_TOKEN_REFUSED' }
      );
    }
  }

  /** The address the issuer would have opened, built from a bare code. */
  #addressOf(pasted: string, state: string): URL {
    if (/^https?:/i.test(pasted) && URL.canParse(pasted)) {
      return new URL(pasted);
    }
    const address = new URL(this.#options.redirectUri);
    address.search = new URLSearchParams({ code: pasted, state }).toString();
    return address;
  }

  #load(): Promise<OidcClient> {
    this.#client ??= createClient(this.#options).catch(() => {
      this.#client = undefined;
      throw new NetworkError(
        'The code for the sign-in could not be loaded. Check the network, ' +
          'then start the sign-in again.',
        { code: 'UNREACHABLE', neverSent: true }
      );
    });
    return this.#client;
  }

  #client: Promise<OidcClient> | undefined;
  readonly #options: ICodeFlowOptions;
}

async function createClient(options: ICodeFlowOptions): Promise<OidcClient> {
  const oidc = await import('oidc-client-ts');
  const { clientId, redirectUri, scope, issuer, storage } = options;
  return new oidc.OidcClient({
    authority: issuer.issuer,
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    // Given here, so that nothing has to be discovered first.
    metadata: {
      issuer: issuer.issuer,
      authorization_endpoint: issuer.authorizationUrl,
      token_endpoint: issuer.tokenUrl
    },
    stateStore: new oidc.WebStorageStateStore({
      prefix: KEY_PREFIX,
      store: storage ?? new oidc.InMemoryWebStorage()
    })
  });
}

/**
 * The error to report. Of the library's own only the issuer's code is kept:
 * its message and its fields may quote the form, code and tokens included.
 */
async function failureOf(
  error: unknown
): Promise<AuthenticationError | NetworkError> {
  const { ErrorResponse, ErrorTimeout } = await import('oidc-client-ts');
  if (error instanceof ErrorResponse) {
    const code = error.error ?? '';
    return code === 'invalid_grant'
      ? codeRefused()
      : new AuthenticationError(
          `The sign-in was refused${isCode(code) ? ` (${code})` : ''}. Start ` +
            'the sign-in again.',
          { code: isCode(code) ? code : 'SIGN_IN_REFUSED' }
        );
  }
  // What `fetch` throws when no answer came.
  if (error instanceof ErrorTimeout || error instanceof TypeError) {
    return new NetworkError(
      'The sign-in service could not be reached. Check the network, then ' +
        'start the sign-in again.',
      { code: 'UNREACHABLE', neverSent: true }
    );
  }
  return new AuthenticationError(
    'The sign-in service gave no usable answer. Start the sign-in again; if ' +
      'that does not help, try later.',
    { code: 'SIGN_IN_FAILED' }
  );
}

function codeRefused(): AuthenticationError {
  return new AuthenticationError(
    'The code was not accepted: it may be mistyped, used or too old. Start ' +
      'the sign-in again.',
    { code: 'CODE_REFUSED' }
  );
}

/** Whether a text is an error code of OAuth, and not somebody's message. */
function isCode(text: string): boolean {
  return /^[a-z][a-z_]{2,39}$/.test(text);
}

function union(...scopes: (string | undefined)[]): string {
  const all = scopes.flatMap(scope => scope?.split(' ') ?? []);
  return [...new Set(all)].filter(Boolean).join(' ');
}
