// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { AuthenticationError, NetworkError } from '../errors.js';
import { FakeIssuer } from '../testing/issuer.js';
import { ClientCredentialsLoginManager } from './credentials.js';
import {
  AUTH_RESOURCE_SERVER,
  COMPUTE_RESOURCE_SERVER,
  COMPUTE_SCOPE,
  type IIssuer
} from './issuer.js';
import { StaticTokenLoginManager } from './static.js';

const CLIENT_ID = '4cf29807-0000-4000-8000-000000000000';

let issuer: FakeIssuer;
let urls: IIssuer;

beforeEach(async () => {
  issuer = new FakeIssuer();
  urls = await issuer.start();
});

afterEach(() => {
  vi.useRealTimers();
  issuer.stop();
});

const compute = (token: string, seconds: number, refresh?: string) => ({
  access_token: token,
  expires_in: seconds,
  refresh_token: refresh,
  resource_server: COMPUTE_RESOURCE_SERVER,
  token_type: 'Bearer'
});
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

describe('StaticTokenLoginManager', () => {
  it('gives its token until it is told to forget it', async () => {
    const manager = new StaticTokenLoginManager('abc');
    await manager.ensureLoggedIn();
    expect(await manager.getAuthorizationHeaders()).toEqual(bearer('abc'));
    // It has no other one: a refusal does not change that.
    const refresh = { refresh: true };
    expect(await manager.getAuthorizationHeaders(refresh)).toEqual(
      bearer('abc')
    );
    await manager.logout();
    await expect(manager.ensureLoggedIn()).rejects.toThrow(AuthenticationError);
  });

  it('has a token for each resource server, named as the guide does', async () => {
    const manager = new StaticTokenLoginManager({
      [COMPUTE_SCOPE]: 'compute',
      openid: 'auth',
      'transfer.api.globus.org': 'transfer'
    });
    const headers = (resourceServer?: string) =>
      manager.getAuthorizationHeaders({ resourceServer });
    expect(await headers()).toEqual(bearer('compute'));
    expect(await headers(AUTH_RESOURCE_SERVER)).toEqual(bearer('auth'));
    expect(await headers('transfer.api.globus.org')).toEqual(
      bearer('transfer')
    );
    await expect(headers('groups.api.globus.org')).rejects.toThrow(
      /no token for groups/
    );
  });
});

describe('ClientCredentialsLoginManager', () => {
  const manager = () =>
    new ClientCredentialsLoginManager({
      clientId: CLIENT_ID,
      clientSecret: 's:e c/é',
      issuer: urls
    });

  it('signs in once for many requests, with Basic credentials', async () => {
    issuer.expect(() => [200, compute('t1', 3600)]);
    const login = manager();
    const headers = await Promise.all([
      login.getAuthorizationHeaders(),
      login.getAuthorizationHeaders()
    ]);
    expect(headers).toEqual([bearer('t1'), bearer('t1')]);
    await login.ensureLoggedIn();
    const [request] = issuer.requests;
    const basic = Buffer.from(`${CLIENT_ID}:s%3Ae%20c%2F%C3%A9`);
    expect(request.authorization).toBe(`Basic ${basic.toString('base64')}`);
    expect(request.form).toEqual({
      grant_type: 'client_credentials',
      scope: COMPUTE_SCOPE
    });
  });

  it('signs in again before the token ends, and after logout', async () => {
    issuer
      .expect(() => [200, compute('t1', 3600)])
      .expect(() => [200, compute('t2', 3600)])
      .expect(({ path, form, authorization }) => {
        expect(path).toBe('/revoke');
        expect(form).toEqual({ token: 't2' });
        expect(authorization).toMatch(/^Basic /);
        return [200, {}];
      })
      .expect(() => [200, compute('t3', 3600)]);
    const login = manager();
    vi.useFakeTimers({ toFake: ['Date'] });
    expect(await login.getAuthorizationHeaders()).toEqual(bearer('t1'));
    vi.advanceTimersByTime(3_539_000);
    expect(await login.getAuthorizationHeaders()).toEqual(bearer('t1'));
    vi.advanceTimersByTime(2_000);
    expect(await login.getAuthorizationHeaders()).toEqual(bearer('t2'));
    await login.logout();
    expect(await login.getAuthorizationHeaders()).toEqual(bearer('t3'));
  });

  it('says what is wrong, without the secret', async () => {
    issuer
      .expect(() => [401, { error: 'invalid_client' }])
      .expect(() => [503, {}])
      .expect(() => [200, { token_type: 'Bearer' }])
      .expect(() => [200, { ...compute('x', 60), resource_server: 'other' }]);
    const login = manager();
    const refused: unknown = await login
      .ensureLoggedIn()
      .catch((e: unknown) => e);
    expect(refused).toBeInstanceOf(AuthenticationError);
    expect(refused).toMatchObject({ code: 'invalid_client', httpStatus: 401 });
    expect(String(refused)).not.toContain('s:e');
    await expect(login.ensureLoggedIn()).rejects.toThrow(NetworkError);
    await expect(login.ensureLoggedIn()).rejects.toThrow(/no token/);
    await expect(login.ensureLoggedIn()).rejects.toThrow(/no token/);
  });

  it('says that the issuer cannot be reached', async () => {
    issuer.stop();
    await expect(manager().ensureLoggedIn()).rejects.toThrow(
      /could not be reached/
    );
  });
});
