/**
 * Access tokens and their renewal.
 */

/**
 * One access token with what belongs to it.
 */
export interface IToken {
  /** The token itself. */
  accessToken: string;

  /** Gets a new access token, where the issuer gave one. */
  refreshToken?: string;

  /** When it ends, in milliseconds since the epoch. */
  expiresAtMs: number;

  /** The service it is for, e.g. `funcx_service`. */
  resourceServer: string;
}

/** A token is renewed this long before it ends, in milliseconds. */
const MARGIN_MS = 60_000;

/**
 * Keeps one token and renews it before it ends. Callers that come while it is
 * being renewed share the one renewal.
 */
export class RenewingToken {
  /**
   * @param renew - Gets a new token, given the last one.
   * @param current - The token to begin with.
   */
  constructor(
    renew: (last: IToken | undefined) => Promise<IToken>,
    current?: IToken
  ) {
    this._renew = renew;
    this._current = current;
  }

  /** The token as it is, without a renewal. */
  get current(): IToken | undefined {
    return this._current;
  }

  /**
   * The headers for one request.
   *
   * @throws Whatever the renewal throws.
   */
  async headers(): Promise<Record<string, string>> {
    const token =
      this._current && this._current.expiresAtMs - MARGIN_MS > Date.now()
        ? this._current
        : await this._renewed();
    return { Authorization: `Bearer ${token.accessToken}` };
  }

  private _renewed(): Promise<IToken> {
    this._renewal ??= this._renew(this._current)
      .then(token => {
        this._current = token;
        return token;
      })
      .finally(() => {
        this._renewal = undefined;
      });
    return this._renewal;
  }

  private _current: IToken | undefined;
  private _renewal: Promise<IToken> | undefined;
  private readonly _renew: (last: IToken | undefined) => Promise<IToken>;
}
