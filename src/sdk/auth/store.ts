/**
 * Where tokens are kept: one for each resource server.
 */

/**
 * One access token with what belongs to it. A plain object, so that a store
 * can write it down; it has no place in logs or errors.
 */
export interface IToken {
  /** The token itself. */
  accessToken: string;

  /** Gets a new access token, where the issuer gave one. */
  refreshToken?: string;

  /** When it ends, in milliseconds since the epoch; may be `Infinity`. */
  expiresAtMs: number;

  /** When to renew it, in milliseconds since the epoch: before it ends. */
  renewAtMs: number;

  /** The service it is for, e.g. `funcx_service`. */
  resourceServer: string;

  /** The scopes it was given for, between spaces. */
  scope?: string;
}

/**
 * Keeps tokens. oidc-client-ts' own store keeps one token and drops
 * `other_tokens`, where Globus Auth puts the token for Compute.
 *
 * {@link InMemoryTokenStore} forgets with the page or process. Others keep
 * tokens longer, where the risk is theirs to judge: in a browser, every script
 * of the origin reads what the page stores.
 */
export interface ITokenStore {
  /** The token for a resource server. */
  get(resourceServer: string): Promise<IToken | undefined>;

  /** Keep a token in place of the last one for its resource server. */
  set(token: IToken): Promise<void>;

  /** Forget the token for a resource server. */
  remove(resourceServer: string): Promise<void>;

  /** All tokens. */
  list(): Promise<IToken[]>;

  /** Forget all tokens. */
  clear(): Promise<void>;
}

/**
 * Keeps tokens in memory.
 */
export class InMemoryTokenStore implements ITokenStore {
  /** The token for a resource server. */
  get(resourceServer: string): Promise<IToken | undefined> {
    return Promise.resolve(this.#tokens.get(resourceServer));
  }

  /** Keep a token in place of the last one for its resource server. */
  set(token: IToken): Promise<void> {
    this.#tokens.set(token.resourceServer, token);
    return Promise.resolve();
  }

  /** Forget the token for a resource server. */
  remove(resourceServer: string): Promise<void> {
    this.#tokens.delete(resourceServer);
    return Promise.resolve();
  }

  /** All tokens. */
  list(): Promise<IToken[]> {
    return Promise.resolve([...this.#tokens.values()]);
  }

  /** Forget all tokens. */
  clear(): Promise<void> {
    this.#tokens.clear();
    return Promise.resolve();
  }

  // Private to the language, not only to the compiler: consoles and
  // inspectors show other fields.
  readonly #tokens = new Map<string, IToken>();
}
