// @vitest-environment node
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { ILoginManager } from '../../sdk';
import { AuthenticationError } from '../../sdk';
import { LoginManagers } from '../accounts/loginManagers';
import { readSignInNeed } from '../accounts/signInNeed';
import { DirectAccounts } from './directAccounts';
import { DirectServices } from './directServices';
import type { IDirectService } from './directSettings';
import { readDirectServices } from './directSettings';

const TOKEN = 'Bearer secret-of-the-test';

function refuse(): never {
  throw new Error('Unexpected call.');
}

/** A login manager of another extension, with its own classes of errors. */
class ForeignLogin implements ILoginManager {
  isSignedIn = false;

  ensureLoggedIn(): Promise<void> {
    this.isSignedIn = true;
    return Promise.resolve();
  }

  logout(): Promise<void> {
    this.isSignedIn = false;
    return Promise.resolve();
  }

  getAuthorizationHeaders(): Promise<Record<string, string>> {
    return this.isSignedIn
      ? Promise.resolve({ Authorization: TOKEN })
      : Promise.reject(new Error('Sign in to the hub first.'));
  }

  getAuthClient(): ReturnType<ILoginManager['getAuthClient']> {
    return {
      oauth2Userinfo: () =>
        Promise.resolve({ sub: 'u1', preferred_username: 'ada@hub' })
    };
  }

  getWebClient = refuse;
}

describe('DirectServices', () => {
  let server: Server;
  let url: string;
  let seen: (string | undefined)[];
  let managers: LoginManagers;
  let services: DirectServices;
  let accounts: DirectAccounts;

  const use = (...list: Partial<IDirectService>[]): void => {
    services.use(
      Promise.resolve(
        list.map(fields => ({ name: 'lab', label: 'Our lab', url, ...fields }))
      )
    );
  };

  beforeEach(async () => {
    seen = [];
    server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      const isAllowed = request.headers.authorization === TOKEN;
      const isKnown = request.url?.startsWith('/v2/endpoints') ?? false;
      response.writeHead(isAllowed ? (isKnown ? 200 : 404) : 401, {
        'Content-Type': 'application/json'
      });
      response.end(
        JSON.stringify(isAllowed && isKnown ? [] : { reason: 'No.' })
      );
    });
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    managers = new LoginManagers();
    services = new DirectServices(managers);
    accounts = new DirectAccounts(services);
  });

  afterEach(() => {
    server.close();
  });

  it('are none unless the settings name some', async () => {
    await expect(services.list()).resolves.toBeNull();
    use({}, { name: 'cloud', label: 'Globus Compute' });
    await expect(services.list()).resolves.toMatchObject({
      services: [
        { name: 'lab', kind: 'other', needsAccount: true },
        { name: 'cloud', kind: 'cloud' }
      ],
      default: 'lab'
    });
  });

  it('send the headers of another extension’s login manager', async () => {
    use({});
    const manager = new ForeignLogin();
    const ours = managers.add('lab', manager);
    expect(() => managers.add('lab', manager)).toThrow(/Disable one/);
    const { client } = await services.get('lab');
    const failure = await client
      .getEndpoints()
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AuthenticationError);
    expect(readSignInNeed(failure)?.message).toBe('Sign in to the hub first.');
    expect(seen).toEqual([]);
    await expect(accounts.list()).resolves.toMatchObject([
      { state: 'signed-out', method: 'extension', canSignIn: true }
    ]);

    await expect(accounts.begin('lab', null)).resolves.toBeNull();
    await expect(client.getEndpoints()).resolves.toEqual([]);
    expect(seen).toEqual([TOKEN]);
    await expect(accounts.list()).resolves.toMatchObject([
      { state: 'signed-in', method: 'extension', username: 'ada@hub' }
    ]);
    await expect(accounts.signOut('lab')).resolves.toMatchObject({
      state: 'signed-out'
    });

    ours.dispose();
    const [account] = await accounts.list();
    expect(account.canSignIn).toBe(false);
    expect(account.problem).toContain('no clientId');
  });

  it('begin a sign-in with a code, at the issuer of the settings', async () => {
    use({
      clientId: 'client-1',
      redirectUri: 'https://auth.example/code',
      issuer: {
        issuer: 'https://auth.example',
        authorizationUrl: 'https://auth.example/authorize',
        tokenUrl: 'https://auth.example/token',
        userinfoUrl: 'https://auth.example/userinfo'
      }
    });
    const request = await accounts.begin('lab', {
      required_scopes: ['urn:more']
    });
    expect(request).toMatchObject({ service: 'lab', completes: 'code' });
    const page = new URL(request?.url ?? '');
    expect(page.origin + page.pathname).toBe('https://auth.example/authorize');
    expect(page.searchParams.get('code_challenge_method')).toBe('S256');
    expect(page.searchParams.get('scope')).toMatch(/ urn:more$/);
    await expect(accounts.list()).resolves.toMatchObject([
      { state: 'signed-out', problem: null, canSignIn: true }
    ]);
  });

  it('say in one message why a browser does not reach one', async () => {
    vi.stubGlobal('location', { origin: 'https://lab.example' });
    use({});
    const manager = new ForeignLogin();
    manager.isSignedIn = true;
    managers.add('lab', manager);
    server.close();
    server.closeAllConnections();
    const { transport } = await services.get('lab');
    // Of requests that are not repeated.
    await expect(
      transport.request({ method: 'POST', path: '/v3/functions', body: {} })
    ).rejects.toThrow(
      /could not reach Our lab.*pages of https:\/\/lab\.example.*CORS/
    );
    vi.unstubAllGlobals();
  });

  it('check how far requests get', async () => {
    use({});
    const manager = new ForeignLogin();
    manager.isSignedIn = true;
    managers.add('lab', manager);
    const steps = await accounts.check('lab', null);
    expect(steps.map(({ name, state }) => [name, state])).toEqual([
      ['api', 'failed'],
      ['version', 'skipped'],
      ['token', 'skipped'],
      ['endpoint', 'skipped'],
      ['task', 'skipped']
    ]);
    expect(JSON.stringify(steps)).not.toContain('secret-of-the-test');
  });

  it('know no groups', async () => {
    await expect(accounts.groups()).rejects.toThrow(/Give the id/);
  });
});

describe('readDirectServices', () => {
  const SERVICE = { name: 'cloud', url: 'https://compute.example' };

  it('reads services, and nothing where there are none', () => {
    expect(readDirectServices(undefined)).toEqual([]);
    expect(
      readDirectServices([{ ...SERVICE, clientId: ' c1 ', label: 'Cloud' }])
    ).toMatchObject([{ ...SERVICE, clientId: 'c1', label: 'Cloud' }]);
    expect(
      readDirectServices([{ name: 'here', url: 'http://127.0.0.1:8000' }])
    ).toHaveLength(1);
  });

  it.each([
    [{ url: 'https://compute.example' }, /needs a name/],
    [{ ...SERVICE, url: 'http://compute.example' }, /url of "cloud"/],
    [{ ...SERVICE, url: 'javascript:alert(1)' }, /url of "cloud"/],
    [{ ...SERVICE, redirectUri: 'http://x.example' }, /redirectUri of "cloud"/],
    [{ ...SERVICE, issuer: { issuer: 'https://a.example' } }, /issuer's auth/]
  ])('refuses %j', (service, message) => {
    expect(() => readDirectServices([service])).toThrow(message);
  });

  it('refuses two of one name', () => {
    expect(() => readDirectServices([SERVICE, SERVICE])).toThrow(
      /two services/
    );
  });
});
