// @vitest-environment node
import { afterEach, describe, expect, it, vi } from 'vitest';

import { Client } from '../client.js';
import { AuthenticationError } from '../errors.js';
import { ClientCredentialsLoginManager } from './credentials.js';
import { loginManagerFromEnvironment } from './environment.js';
import { StaticTokenLoginManager } from './static.js';

const ID = 'b0500dab-ebd4-430f-b962-0c85bd43bdbb';
const VARIABLES = [
  'GLOBUS_COMPUTE_CLIENT_ID',
  'GLOBUS_COMPUTE_CLIENT_SECRET',
  'FUNCX_SDK_CLIENT_ID',
  'FUNCX_SDK_CLIENT_SECRET'
] as const;

/** The form and the credentials of the first request that is made. */
async function signInOf(login: () => Promise<unknown>): Promise<string> {
  const requests: Request[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    requests.push(new Request(input, init));
    return Promise.reject(new TypeError('no network'));
  });
  await expect(login()).rejects.toThrow(/could not be reached/);
  const [request] = requests;
  expect(request.url).toBe('https://auth.globus.org/v2/oauth2/token');
  return atob(request.headers.get('Authorization')?.split(' ')[1] ?? '');
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('loginManagerFromEnvironment', () => {
  it('finds nothing where nothing is set', () => {
    expect(loginManagerFromEnvironment({})).toBeUndefined();
    const empty = Object.fromEntries(VARIABLES.map(name => [name, ' ']));
    expect(loginManagerFromEnvironment(empty)).toBeUndefined();
  });

  it.each([
    ['GLOBUS_COMPUTE_CLIENT', {}],
    ['FUNCX_SDK_CLIENT', {}],
    [
      'GLOBUS_COMPUTE_CLIENT',
      { FUNCX_SDK_CLIENT_ID: 'old', FUNCX_SDK_CLIENT_SECRET: 'old' }
    ]
  ])('reads %s_ID and its secret', async (prefix, others) => {
    const manager = loginManagerFromEnvironment({
      ...others,
      [`${prefix}_ID`]: ID,
      [`${prefix}_SECRET`]: 'secret'
    });
    expect(manager).toBeInstanceOf(ClientCredentialsLoginManager);
    const credentials = await signInOf(() => manager!.ensureLoggedIn());
    expect(credentials).toBe(`${ID}:secret`);
  });

  it.each([
    [0, 1],
    [1, 0],
    [2, 3],
    [3, 2]
  ])('refuses half a pair: %i without %i', (set, missing) => {
    const environment = { [VARIABLES[set]]: 'sentinel-value' };
    const read = () => loginManagerFromEnvironment(environment);
    expect(read).toThrow(AuthenticationError);
    expect(read).toThrow(
      `sets ${VARIABLES[set]} but not ${VARIABLES[missing]}`
    );
    expect(read).not.toThrow('sentinel-value');
  });
});

describe('a client without a login manager', () => {
  const baseUrl = 'http://127.0.0.1:9';

  it('uses the credentials of the process', async () => {
    vi.stubEnv('FUNCX_SDK_CLIENT_ID', ID);
    vi.stubEnv('FUNCX_SDK_CLIENT_SECRET', 'secret');
    const client = new Client({ baseUrl });
    const submit = { functionId: ID, endpointId: ID };
    expect(await signInOf(() => client.run(submit))).toBe(`${ID}:secret`);
  });

  it('refuses half a pair before anything is sent', () => {
    vi.stubEnv('GLOBUS_COMPUTE_CLIENT_ID', ID);
    expect(() => new Client({ baseUrl })).toThrow(/but not GLOBUS_COMPUTE/);
    // Who says how to sign in, or not to, is not asked about it.
    const loginManager = new StaticTokenLoginManager('token');
    expect(() => new Client({ baseUrl, loginManager })).not.toThrow();
    expect(() => new Client({ baseUrl, loginManager: null })).not.toThrow();
  });
});
