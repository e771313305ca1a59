/**
 * The protocol between a client and whatever holds its tokens.
 */

/**
 * Signs in and gives the headers that prove it. The counterpart of the
 * Python SDK's `LoginManagerProtocol`.
 */
export interface ILoginManager {
  /**
   * Make sure that a usable token is at hand.
   *
   * @throws AuthenticationError when a person has to sign in first.
   */
  ensureLoggedIn(): Promise<void>;

  /**
   * Headers for one request, with a token that is still valid.
   *
   * @throws AuthenticationError when a person has to sign in first.
   */
  getAuthorizationHeaders(): Promise<Record<string, string>>;

  /**
   * Forget all tokens, and revoke them where the issuer allows it.
   */
  logout(): Promise<void>;
}
