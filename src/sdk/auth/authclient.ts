/**
 * The client of Globus Auth.
 */

import { invalidAnswer } from '../answers.js';
import { isRecord } from '../json.js';
import type { ITransport } from '../types.js';

/**
 * Who is signed in, by OpenID Connect Core 1.0, section 5.1. Which claims
 * there are depends on the scopes asked for.
 */
export interface IUserInfo {
  /** UUID of the identity. */
  sub: string;

  /** E.g. `name@university.edu`, with the scope `profile`. */
  preferred_username?: string;

  /** The person's name, with the scope `profile`. */
  name?: string;

  /** Address for mail, with the scope `email`. */
  email?: string;

  /** Claims that Globus Auth adds, such as `identity_set`. */
  [claim: string]: unknown;
}

/**
 * Speaks to Globus Auth as whoever is signed in.
 */
export interface IAuthClient {
  /**
   * Who is signed in: `GET /v2/oauth2/userinfo`.
   *
   * @throws AuthenticationError when nobody is, or no token for Globus Auth
   * was asked for (the scope `openid`).
   */
  oauth2Userinfo(signal?: AbortSignal): Promise<IUserInfo>;
}

/**
 * Speaks to an issuer over a transport that knows its tokens.
 */
export class AuthClient implements IAuthClient {
  /**
   * @param transport - Carries requests to the user info endpoint.
   */
  constructor(transport: ITransport) {
    this._transport = transport;
  }

  /** @throws AuthenticationError when nobody is signed in. */
  async oauth2Userinfo(signal?: AbortSignal): Promise<IUserInfo> {
    const claims = await this._transport.request({
      method: 'GET',
      path: '',
      signal
    });
    if (!isRecord(claims) || typeof claims.sub !== 'string') {
      throw invalidAnswer('the user info names nobody');
    }
    return { ...claims, sub: claims.sub };
  }

  private readonly _transport: ITransport;
}
