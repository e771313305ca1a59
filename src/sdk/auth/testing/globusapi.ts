/**
 * What Globus Auth says of tokens and identities besides OpenID Connect.
 */

import type { Context, Token } from 'oidc-provider';

import { identityOf, identitySetOf } from './accounts.js';
import type { SignIns } from './signins.js';

const IDENTITIES = 'v2/api/identities';

/** Answers below `/v2/api/identities`; `undefined` for any other path. */
export function describeIdentities(
  { path, query }: Context,
  token: Token | undefined,
  signIns: SignIns
): { status: number; body: unknown } | undefined {
  const [id, consents] = path.slice(IDENTITIES.length + 2).split('/');
  if (!path.startsWith(`/${IDENTITIES}`)) {
    return undefined;
  }
  if (token?.isExpired !== false) {
    const error = { code: 'UNAUTHORIZED', title: 'No token that is active' };
    return { status: 401, body: { errors: [error] } };
  }
  if (consents === 'consents') {
    return { status: 200, body: { consents: signIns.consents(id) } };
  }
  const ids = String(query.ids ?? '').split(',');
  const identities = ids.map(one => {
    const { sub, ...identity } = identityOf(one);
    return { id: sub, status: 'used', ...identity };
  });
  return { status: 200, body: { identities } };
}

/** What introspection adds: who it is, and how they signed in. */
export function describeToken(
  token: Token,
  signIns: SignIns
): Record<string, unknown> {
  const { sub, username } = identityOf(token.accountId);
  return {
    username,
    identity_set: identitySetOf(sub).map(identity => identity.sub),
    session_info: signIns.session(token.grantId)
  };
}
