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
  revocationUrl: 'https://auth.globus.org/v2/oauth2/token/revoke'
});

/** The page of Globus Auth that shows a code to copy. */
export const GLOBUS_CODE_PAGE = 'https://auth.globus.org/v2/web/auth-code';

/** The right to use Globus Compute, `Client.FUNCX_SCOPE` in Python. */
export const COMPUTE_SCOPE =
  'https://auth.globus.org/scopes/facd7ccc-c5f4-42aa-916b-a0e270e2c2a9/all';
