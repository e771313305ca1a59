/**
 * Where Globus Auth is.
 */

/**
 * An issuer of tokens.
 */
export interface IIssuer {
  /** Its name in the tokens it issues. */
  issuer: string;

  /** The page where people sign in. */
  authorizationUrl: string;

  /** Turns codes, secrets and refresh tokens into tokens. */
  tokenUrl: string;

  /** Says who is signed in. */
  userinfoUrl: string;

  /** Ends tokens; `undefined` where there is no such endpoint. */
  revocationUrl?: string;
}

/**
 * Globus Auth.
 *
 * @see https://auth.globus.org/.well-known/openid-configuration
 */
export const GLOBUS_AUTH: Readonly<IIssuer> = Object.freeze({
  issuer: 'https://auth.globus.org',
  authorizationUrl: 'https://auth.globus.org/v2/oauth2/authorize',
  tokenUrl: 'https://auth.globus.org/v2/oauth2/token',
  userinfoUrl: 'https://auth.globus.org/v2/oauth2/userinfo',
  revocationUrl: 'https://auth.globus.org/v2/oauth2/token/revoke'
});

/** The page of Globus Auth that shows a code to copy. */
export const GLOBUS_CODE_PAGE = 'https://auth.globus.org/v2/web/auth-code';

/** The right to use Globus Compute, `Client.FUNCX_SCOPE` in Python. */
export const COMPUTE_SCOPE =
  'https://auth.globus.org/scopes/facd7ccc-c5f4-42aa-916b-a0e270e2c2a9/all';

/** What Globus Auth calls the Compute service. */
export const COMPUTE_RESOURCE_SERVER = 'funcx_service';

/** What Globus Auth calls itself: its tokens say who is signed in. */
export const AUTH_RESOURCE_SERVER = 'auth.globus.org';

/**
 * The resource server a name stands for. The user guide names tokens by scope,
 * Globus Auth's answers by resource server; both do here.
 */
export function resourceServerOf(name: string): string {
  switch (name) {
    case COMPUTE_SCOPE:
      return COMPUTE_RESOURCE_SERVER;
    case 'openid':
      return AUTH_RESOURCE_SERVER;
    default:
      return name;
  }
}
