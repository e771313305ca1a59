/**
 * How oidc-provider is set up to behave as Globus Auth does.
 */

import { generateKeyPairSync } from 'node:crypto';

import {
  COMPUTE_CLIENT,
  type IConfidentialClient,
  identityOf,
  identitySetOf,
  NATIVE_CLIENTS,
  PROGRAM_CLIENT,
  SERVICE_CLIENT
} from './accounts.js';
import { KNOWN_SCOPES } from './scopes.js';
import { memoryAdapter } from './storage.js';

/** How Globus Auth signs the identities it vouches for. */
const ALGORITHM = 'RS512';

/** Where Globus Auth has its endpoints. */
export const ROUTES = {
  authorization: '/v2/oauth2/authorize',
  introspection: '/v2/oauth2/token/introspect',
  jwks: '/jwk.json',
  revocation: '/v2/oauth2/token/revoke',
  token: '/v2/oauth2/token',
  userinfo: '/v2/oauth2/userinfo'
};

/** What the address of a sign-in may say besides what OpenID Connect has. */
const SESSION_PARAMETERS = [
  'access_type',
  'globus_scope',
  'prefill_named_grant',
  'session_message',
  'session_required_identities',
  'session_required_mfa',
  'session_required_policies',
  'session_required_single_domain'
];

/** What the provider of one test is asked for. */
export interface IProviderConfiguration {
  /** Lifetime of access tokens, in seconds, at the time one is made. */
  accessTokenSeconds: () => number;

  /** Pages that may get codes. */
  redirectUris: readonly string[];

  /** Whether each refresh token is good for one use. */
  rotatesRefreshTokens: boolean;

  /** Whether the sign-in of a grant asked for refresh tokens. */
  isOffline: (grantId: string) => boolean;
}

/** The settings, in oidc-provider's own words. */
export function configurationOf(
  options: IProviderConfiguration
): Record<string, unknown> {
  const seconds = (): number => options.accessTokenSeconds();
  return {
    adapter: () => memoryAdapter(),
    clients: [
      ...NATIVE_CLIENTS.map(clientId =>
        nativeClient(clientId, options.redirectUris)
      ),
      ...[SERVICE_CLIENT, PROGRAM_CLIENT, COMPUTE_CLIENT].map(programClient)
    ],
    clientBasedCORS: () => true,
    conformIdTokenClaims: false,
    claims: {
      openid: ['sub', 'identity_set'],
      profile: ['name', 'preferred_username'],
      email: ['email']
    },
    cookies: { keys: ['cookies of the tests'] },
    enabledJWA: { idTokenSigningAlgValues: [ALGORITHM] },
    extraParams: SESSION_PARAMETERS,
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: {
        enabled: true,
        allowedPolicy: (_context: unknown, client: { clientId: string }) =>
          client.clientId === COMPUTE_CLIENT.clientId
      },
      revocation: { enabled: true, allowedPolicy: () => true }
    },
    jwks: { keys: [SIGNING_KEY] },
    findAccount: (_context: unknown, accountId: string) => ({
      accountId,
      claims: () => claimsOf(accountId)
    }),
    interactions: {
      url: (_context: unknown, { uid }: { uid: string }) =>
        `/interaction/${uid}`
    },
    issueRefreshToken: (
      _context: unknown,
      _client: unknown,
      { grantId }: { grantId: string }
    ) => options.isOffline(grantId),
    pkce: { required: () => true },
    rotateRefreshToken: options.rotatesRefreshTokens,
    routes: ROUTES,
    scopes: KNOWN_SCOPES,
    ttl: {
      AccessToken: seconds,
      AuthorizationCode: 60,
      ClientCredentials: seconds,
      Grant: 3600,
      IdToken: 3600,
      Interaction: 3600,
      RefreshToken: 3600,
      Session: 3600
    }
  };
}

/** What is said of an identity. */
export function claimsOf(accountId: string): Record<string, unknown> {
  const { sub, username, name, email } = identityOf(accountId);
  return {
    sub,
    name,
    email,
    preferred_username: username,
    identity_set: identitySetOf(accountId)
  };
}

function nativeClient(
  clientId: string,
  redirectUris: readonly string[]
): Record<string, unknown> {
  return {
    client_id: clientId,
    token_endpoint_auth_method: 'none',
    application_type: 'native',
    id_token_signed_response_alg: ALGORITHM,
    redirect_uris: redirectUris,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code']
  };
}

function programClient({
  clientId,
  clientSecret
}: IConfidentialClient): Record<string, unknown> {
  return {
    client_id: clientId,
    client_secret: clientSecret,
    id_token_signed_response_alg: ALGORITHM,
    redirect_uris: [],
    grant_types: ['client_credentials'],
    response_types: []
  };
}

/** One for all providers of the process: making it takes long. */
const SIGNING_KEY = signingKey();

function signingKey(): Record<string, unknown> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ format: 'jwk' });
  return { ...key, use: 'sig', alg: ALGORITHM, kid: 'tests' };
}
