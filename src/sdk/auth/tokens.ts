/**
 * Tokens in use: valid, renewed in time, ended together.
 */

import { AuthenticationError, NetworkError } from '../errors.js';
import { COMPUTE_RESOURCE_SERVER } from './issuer.js';
import type { IHeaderOptions } from './manager.js';
import { InMemoryTokenStore, type IToken, type ITokenStore } from './store.js';

/**
 * How tokens are obtained and ended.
 */
export interface ITokenSource {
  /**
   * Get a new token for a resource server.
   *
   * @param last - The token so far.
   * @throws AuthenticationError when the issuer refuses.
   */
  renew(last: IToken | undefined): Promise<IToken[]>;

  /** Ask the issuer to end tokens; never rejects. */
  revoke(tokens: readonly IToken[]): Promise<void>;
}

/**
 * Gives the headers of requests from the tokens of a store, renewing each
 * before it ends. Requests that come while a token is being renewed share the
 * one renewal: a refresh token that is used twice ends the whole sign-in where
 * the issuer rotates them (RFC 9700, section 4.14.2).
 */
export class Tokens {
  /**
   * @param source - How tokens are obtained and ended.
   * @param store - Where they are kept; in memory unless given.
   */
  constructor(
    source: ITokenSource,
    store: ITokenStore = new InMemoryTokenStore()
  ) {
    this.#source = source;
    this.#store = store;
  }

  /**
   * Headers with a valid token.
   *
   * @throws AuthenticationError when there is none and none can be had.
   * @throws NetworkError when the issuer does not answer and no token is left.
   */
  async headers(options: IHeaderOptions = {}): Promise<Record<string, string>> {
    const server = options.resourceServer ?? COMPUTE_RESOURCE_SERVER;
    const token = await this.#store.get(server);
    if (token && isGood(token, options)) {
      return bearer(token);
    }
    try {
      return bearer(await this.#renewed(server));
    } catch (error) {
      // An issuer that is down does not hurt while the token holds.
      const holds = token && !options.refresh && token.expiresAtMs > Date.now();
      if (holds && error instanceof NetworkError) {
        return bearer(token);
      }
      throw error;
    }
  }

  /** Begin with the tokens of a new sign-in, in place of all others. */
  async begin(tokens: readonly IToken[]): Promise<void> {
    this.#forgetRenewals();
    await this.#store.clear();
    await this.#keep(tokens);
  }

  /** Forget all tokens, and ask the issuer to end them. */
  async end(): Promise<void> {
    this.#forgetRenewals();
    const tokens = await this.#store.list();
    await this.#store.clear();
    await this.#source.revoke(tokens);
  }

  #renewed(server: string): Promise<IToken> {
    const running = this.#renewals.get(server);
    if (running) {
      return running;
    }
    const renewal = this.#renew(server).finally(() => {
      if (this.#renewals.get(server) === renewal) {
        this.#renewals.delete(server);
      }
    });
    this.#renewals.set(server, renewal);
    return renewal;
  }

  async #renew(server: string): Promise<IToken> {
    const session = this.#session;
    const last = await this.#store.get(server);
    let tokens: IToken[];
    try {
      tokens = await this.#source.renew(last);
    } catch (error) {
      return await this.#renewedElsewhere(server, last, error);
    }
    if (session !== this.#session) {
      // Of a sign-in that ended meanwhile: it must not stay valid.
      await this.#source.revoke(tokens);
      return await this.#renewedElsewhere(server, last, notSignedIn());
    }
    await this.#keep(tokens);
    const token = tokens.find(
      ({ resourceServer }) => resourceServer === server
    );
    if (!token) {
      throw new AuthenticationError(
        `The sign-in service gave no token for ${server}. Ask for its scope.`,
        { code: 'NO_TOKEN' }
      );
    }
    return token;
  }

  /**
   * The token that is in the store by now, if any: of a later sign-in, or of
   * another page that shares the store and used the refresh token first.
   */
  async #renewedElsewhere(
    server: string,
    last: IToken | undefined,
    error: unknown
  ): Promise<IToken> {
    const current = await this.#store.get(server);
    if (current && current.accessToken !== last?.accessToken) {
      return current;
    }
    if (current && error instanceof AuthenticationError) {
      // It was refused for good: do not ask with it again.
      await this.#store.remove(server);
    }
    throw error;
  }

  async #keep(tokens: readonly IToken[]): Promise<void> {
    await Promise.all(tokens.map(token => this.#store.set(token)));
  }

  /** Whatever is on its way belongs to the sign-in that ends here. */
  #forgetRenewals(): void {
    this.#session += 1;
    this.#renewals.clear();
  }

  readonly #renewals = new Map<string, Promise<IToken>>();
  #session = 0;
  readonly #source: ITokenSource;
  readonly #store: ITokenStore;
}

/** The error of somebody who has not signed in. */
export function notSignedIn(): AuthenticationError {
  return new AuthenticationError('Sign in to Globus first.', {
    code: 'NOT_SIGNED_IN'
  });
}

/** The headers a token stands for (RFC 6750, section 2.1). */
export function bearer(token: Pick<IToken, 'accessToken'>): {
  Authorization: string;
} {
  return { Authorization: `Bearer ${token.accessToken}` };
}

/** Whether a token serves the caller, without a renewal. */
function isGood(token: IToken, options: IHeaderOptions): boolean {
  const { refresh = false, refused } = options;
  const isNew =
    refused !== undefined &&
    refused.Authorization !== bearer(token).Authorization;
  return token.renewAtMs > Date.now() && (!refresh || isNew);
}
