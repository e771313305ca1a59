/**
 * Scopes in Globus Auth's notation.
 *
 * @see https://docs.globus.org/guides/overviews/clients-scopes-and-consents/
 */

import {
  AUTH_RESOURCE_SERVER,
  COMPUTE_RESOURCE_SERVER,
  COMPUTE_SCOPE
} from '../issuer.js';

/** The right to list a person's groups. */
const GROUPS_SCOPE =
  'urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships';

/** Which resource server takes tokens with which scopes. */
const SCOPES: ReadonlyMap<string, string> = new Map([
  ['openid', AUTH_RESOURCE_SERVER],
  ['profile', AUTH_RESOURCE_SERVER],
  ['email', AUTH_RESOURCE_SERVER],
  [
    'urn:globus:auth:scope:auth.globus.org:view_identity_set',
    AUTH_RESOURCE_SERVER
  ],
  [
    'urn:globus:auth:scope:auth.globus.org:view_identities',
    AUTH_RESOURCE_SERVER
  ],
  [
    'urn:globus:auth:scope:auth.globus.org:manage_projects',
    AUTH_RESOURCE_SERVER
  ],
  [COMPUTE_SCOPE, COMPUTE_RESOURCE_SERVER],
  [GROUPS_SCOPE, 'groups.api.globus.org']
]);

/** All scopes that can be had. */
export const KNOWN_SCOPES: readonly string[] = [...SCOPES.keys()];

/** Scopes by the resource server whose token has them. */
export function byResourceServer(
  scopes: readonly string[]
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const scope of scopes) {
    const server = SCOPES.get(scope) ?? AUTH_RESOURCE_SERVER;
    groups.set(server, [...(groups.get(server) ?? []), scope]);
  }
  return groups;
}

/** A scope, and those it needs of other services: `a[b c]`. */
interface IScopeTree {
  scope: string;
  dependencies: readonly IScopeTree[];
}

/** Read scopes between spaces; `*` before one marks it as optional. */
export function parseScopes(text: string): readonly IScopeTree[] {
  const words = text.match(/[^\s[\]]+|[[\]]/g) ?? [];
  const read = (): IScopeTree[] => {
    const found: IScopeTree[] = [];
    for (let word = words.shift(); word !== undefined; word = words.shift()) {
      if (word === ']') {
        break;
      }
      if (word === '[') {
        const owner = found.pop();
        if (owner === undefined) {
          throw new Error(`No scope stands before a bracket: ${text}`);
        }
        found.push({ ...owner, dependencies: read() });
      } else {
        found.push({ scope: word.replace(/^\*/, ''), dependencies: [] });
      }
    }
    return found;
  };
  return read();
}

/** A consent, as `GET /v2/api/identities/{id}/consents` gives it. */
export interface IConsent extends Record<string, unknown> {
  id: number;
  scope_name: string;
  dependency_path: readonly number[];
}

/** Consents for scopes and for those they need, numbered from `first`. */
export function consentsFor(
  trees: readonly IScopeTree[],
  accountId: string,
  first: number,
  path: readonly number[] = []
): readonly IConsent[] {
  const now = new Date().toISOString().replace('Z', '+00:00');
  const consents: IConsent[] = [];
  for (const { scope, dependencies } of trees) {
    const id = first + consents.length;
    const own = [...path, id];
    consents.push({
      id,
      scope_name: scope,
      dependency_path: own,
      scope: crypto.randomUUID(),
      client: crypto.randomUUID(),
      effective_identity: accountId,
      status: 'approved',
      created: now,
      updated: now,
      last_used: now,
      allows_refresh: true,
      auto_approved: false,
      atomically_revocable: false
    });
    consents.push(...consentsFor(dependencies, accountId, id + 1, own));
  }
  return consents;
}
