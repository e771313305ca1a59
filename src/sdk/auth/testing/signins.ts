/**
 * What each sign-in at the provider of the tests asked for, by its grants.
 */

import { type IConsent, consentsFor, parseScopes } from './scopes.js';

/** The parameters of the address that began a sign-in. */
export type SignInParameters = Readonly<Record<string, string | undefined>>;

/** Sign-ins that were allowed. */
export class SignIns {
  /** Take down an allowed sign-in, under its grant. */
  add(grantId: string, accountId: string, parameters: SignInParameters): void {
    this._parameters.set(grantId, parameters);
    const earlier = this.consents(accountId);
    const trees = parseScopes(parameters.globus_scope ?? '');
    const more = consentsFor(trees, accountId, earlier.length + 1);
    this._consents.set(accountId, [...earlier, ...more]);
  }

  /** Let another grant stand for the same sign-in. */
  share(grantId: string, otherGrantId: string): void {
    this._parameters.set(otherGrantId, this._parameters.get(grantId) ?? {});
  }

  /** Whether refresh tokens were asked for. */
  isOffline(grantId: string): boolean {
    return this._parameters.get(grantId)?.access_type === 'offline';
  }

  /** What the person did to satisfy a service, as introspection tells it. */
  session(grantId: string): Record<string, unknown> {
    const asked = this._parameters.get(grantId) ?? {};
    const list = (name: string): string[] =>
      asked[name]?.split(',').filter(Boolean) ?? [];
    return {
      required_identities: list('session_required_identities'),
      required_policies: list('session_required_policies'),
      required_single_domain: list('session_required_single_domain'),
      required_mfa: /^true$/i.test(asked.session_required_mfa ?? '')
    };
  }

  /** What an identity has consented to. */
  consents(accountId: string): readonly IConsent[] {
    return this._consents.get(accountId) ?? [];
  }

  private readonly _parameters = new Map<string, SignInParameters>();
  private readonly _consents = new Map<string, readonly IConsent[]>();
}
