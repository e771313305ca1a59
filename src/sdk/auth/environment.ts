/**
 * Sign-in by environment variables. The only file of the SDK that looks at
 * Node's environment; in a browser there is none.
 */

import { AuthenticationError } from '../errors.js';
import { ClientCredentialsLoginManager } from './credentials.js';
import type { LoginManager } from './loginmanager.js';

/** Pairs of variables; the first that is set counts, as in Python. */
const PAIRS = [
  ['GLOBUS_COMPUTE_CLIENT_ID', 'GLOBUS_COMPUTE_CLIENT_SECRET'],
  ['FUNCX_SDK_CLIENT_ID', 'FUNCX_SDK_CLIENT_SECRET']
] as const;

/**
 * The login manager of the client credentials that the environment names:
 * `GLOBUS_COMPUTE_CLIENT_ID` and `GLOBUS_COMPUTE_CLIENT_SECRET`, or the older
 * `FUNCX_SDK_CLIENT_ID` and `FUNCX_SDK_CLIENT_SECRET`. Clients that are given
 * no login manager use it before anything else.
 *
 * @param environment - The variables; those of the process unless given.
 * @returns `undefined` when no pair is set.
 * @throws AuthenticationError when only one of a pair is set.
 */
export function loginManagerFromEnvironment(
  environment: Readonly<
    Record<string, string | undefined>
  > = processEnvironment()
): LoginManager | undefined {
  for (const [idName, secretName] of PAIRS) {
    const clientId = environment[idName]?.trim() ?? '';
    const clientSecret = environment[secretName]?.trim() ?? '';
    if (clientId !== '' && clientSecret !== '') {
      return new ClientCredentialsLoginManager({ clientId, clientSecret });
    }
    if (clientId !== '' || clientSecret !== '') {
      const [set, missing] =
        clientId === '' ? [secretName, idName] : [idName, secretName];
      throw new AuthenticationError(
        `The environment sets ${set} but not ${missing}. Set both to sign in ` +
          'as a client, or neither.',
        { code: 'INCOMPLETE_CREDENTIALS' }
      );
    }
  }
  return undefined;
}

function processEnvironment(): Readonly<Record<string, string | undefined>> {
  const { process } = globalThis as {
    process?: { env?: Record<string, string | undefined> };
  };
  return process?.env ?? {};
}
