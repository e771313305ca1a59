// @vitest-environment node
import { createHash } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { AuthenticationError, NetworkError } from '../errors.js';
import { FakeIssuer, type IIssuerRequest } from '../testing/issuer.js';
import { ClientCredentialsLoginManager } from './credentials.js';
import { COMPUTE_SCOPE, type IIssuer } from './issuer.js';
import { OidcLoginManager } from './oidc.js';
import { StaticTokenLoginManager } from './static.js';
import { RenewingToken } from './token.js';
import { COMPUTE_RESOURCE_SERVER, readTokens } from './tokenendpoint.js';

const CLIENT_ID = '4cf29807-0000-4000-8000-000000000000';
const PAGE = 'https://example.org/code';

let issuer: FakeIssuer;
let urls: IIssuer;

beforeEach(async () => {
  issuer = new FakeIssuer();
  urls = await issuer.start();
});

afterEach(() => {
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
    await manager.logout();
    await expect(manager.ensureLoggedIn()).rejects.toThrow(AuthenticationError);
  });
});

describe('ClientCredentialsLoginManager', () => {
  const manager = () =>
    new ClientCredentialsLoginManager({
      clientId: CLIENT_ID,
      clientSecret: 's:e c/é',
      tokenUrl: urls.tokenUrl
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
      .expect(() => [200, compute('t1', 30)])
      .expect(() => [200, compute('t2', 3600)])
      .expect(() => [200, compute('t3', 3600)]);
    const login = manager();
    expect(await login.getAuthorizationHeaders()).toEqual(bearer('t1'));
    expect(await login.getAuthorizationHeaders()).toEqual(bearer('t2'));
    await login.logout();
    expect(await login.getAuthorizationHeaders()).toEqual(bearer('t3'));
  });

  it('says what is wrong, without the secret', async () => {
    issuer
      .expect(() => [401, { error: 'invalid_client' }])
      .expect(() => [503, {}])
      .expect(() => [200, { token_type: 'Bearer' }]);
    const login = manager();
    const refused: unknown = await login
      .ensureLoggedIn()
      .catch((e: unknown) => e);
    expect(refused).toBeInstanceOf(AuthenticationError);
    expect(refused).toMatchObject({ code: 'invalid_client', httpStatus: 401 });
    expect(String(refused)).not.toContain('s:e');
    await expect(login.ensureLoggedIn()).rejects.toThrow(NetworkError);
    await expect(login.ensureLoggedIn()).rejects.toThrow(/no token/);
  });

  it('says that the issuer cannot be reached', async () => {
    issuer.stop();
    await expect(manager().ensureLoggedIn()).rejects.toThrow(
      /could not be reached/
    );
  });
});

describe('OidcLoginManager', () => {
  const manager = () =>
    new OidcLoginManager({
      clientId: CLIENT_ID,
      redirectUri: PAGE,
      issuer: urls
    });

  /** What Globus Auth answers: Compute's token is not the first. */
  const tokens = (seconds = 3600) => ({
    access_token: 'openid-token',
    expires_in: 3600,
    id_token: idToken(),
    resource_server: 'auth.globus.org',
    scope: 'openid',
    token_type: 'Bearer',
    other_tokens: [compute('compute-1', seconds, 'refresh-1')]
  });

  function idToken(): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: urls.issuer,
      aud: CLIENT_ID,
      sub: 'me',
      iat: now,
      exp: now + 60
    };
    const part = (value: unknown) =>
      Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg: 'RS512' })}.${part(claims)}.c2ln`;
  }

  it('signs in with a pasted code and PKCE', async () => {
    const login = manager();
    const { url, state } = await login.beginSignIn();
    const query = new URL(url).searchParams;
    expect(url.startsWith(urls.authorizationUrl)).toBe(true);
    expect(Object.fromEntries(query)).toMatchObject({
      client_id: CLIENT_ID,
      redirect_uri: PAGE,
      response_type: 'code',
      code_challenge_method: 'S256',
      access_type: 'offline',
      state,
      scope: `openid ${COMPUTE_SCOPE}`
    });
    issuer.expect(({ path, form }) => {
      expect(path).toBe('/token');
      expect(form).toMatchObject({ code: 'a+b/c', redirect_uri: PAGE });
      const challenge = createHash('sha256').update(form.code_verifier);
      expect(challenge.digest('base64url')).toBe(query.get('code_challenge'));
      return [200, tokens()];
    });
    await login.completeSignIn('  a+b/c\n');
    expect(await login.getAuthorizationHeaders()).toEqual(bearer('compute-1'));
  });

  it('takes the whole address as well, and no other sign-in', async () => {
    const login = manager();
    const { state } = await login.beginSignIn();
    issuer.expect(() => [200, tokens()]);
    await login.completeSignIn(`${PAGE}?code=x&state=${state}`);
    await login.ensureLoggedIn();
    await login.beginSignIn();
    const foreign = login.completeSignIn(`${PAGE}?code=x&state=other`);
    await expect(foreign).rejects.toMatchObject({ code: 'CODE_REFUSED' });
  });

  it('refuses a wrong code, and a code nobody waits for', async () => {
    const login = manager();
    await expect(login.completeSignIn('x')).rejects.toMatchObject({
      code: 'NO_PENDING_SIGN_IN'
    });
    await login.beginSignIn();
    issuer.expect(() => [400, { error: 'invalid_grant' }]);
    await expect(login.completeSignIn('x')).rejects.toMatchObject({
      code: 'CODE_REFUSED'
    });
    await expect(login.getAuthorizationHeaders()).rejects.toMatchObject({
      code: 'NOT_SIGNED_IN'
    });
  });

  async function signedIn(seconds: number): Promise<OidcLoginManager> {
    const login = manager();
    await login.beginSignIn();
    issuer.expect(() => [200, tokens(seconds)]);
    if (seconds < 60) {
      issuer.expect(refreshed('compute-2', 30));
    }
    await login.completeSignIn('x');
    return login;
  }

  const refreshed =
    (token: string, seconds: number, refresh?: string) =>
    ({ form }: IIssuerRequest): [number, unknown] => {
      expect(form).toEqual({
        grant_type: 'refresh_token',
        refresh_token: 'refresh-1',
        client_id: CLIENT_ID
      });
      return [200, compute(token, seconds, refresh)];
    };

  it('renews the token of Compute by itself', async () => {
    const login = await signedIn(30);
    issuer.expect(refreshed('compute-3', 3600));
    expect(await login.getAuthorizationHeaders()).toEqual(bearer('compute-3'));
    expect(await login.getAuthorizationHeaders()).toEqual(bearer('compute-3'));
  });

  it('asks for a new sign-in when the renewal is refused', async () => {
    const login = await signedIn(30);
    issuer.expect(() => [400, { error: 'invalid_grant' }]);
    await expect(login.getAuthorizationHeaders()).rejects.toMatchObject({
      name: 'AuthenticationError',
      code: 'invalid_grant'
    });
  });

  it('ends all tokens at logout, even if the issuer does not help', async () => {
    const login = await signedIn(3600);
    const ended: string[] = [];
    for (let i = 0; i < 3; i++) {
      issuer.expect(({ path, form }) => {
        expect(path).toBe('/revoke');
        ended.push(form.token);
        return [i === 1 ? 500 : 200, {}];
      });
    }
    await login.logout();
    expect(ended.sort()).toEqual(['compute-1', 'openid-token', 'refresh-1']);
    await expect(login.ensureLoggedIn()).rejects.toThrow(AuthenticationError);
  });
});

describe('tokens', () => {
  it('are read in any number', () => {
    expect(readTokens('no', 0)).toEqual([]);
    expect(readTokens({ other_tokens: [{}, 1] }, 0)).toEqual([]);
    expect(readTokens({ access_token: 'a' }, 5)).toEqual([
      {
        accessToken: 'a',
        refreshToken: undefined,
        expiresAtMs: Infinity,
        resourceServer: COMPUTE_RESOURCE_SERVER
      }
    ]);
  });

  it('are asked for again after a renewal failed', async () => {
    let count = 0;
    const token = new RenewingToken(() => {
      count += 1;
      return count === 1
        ? Promise.reject(new Error('down'))
        : Promise.resolve({
            accessToken: 'b',
            expiresAtMs: Infinity,
            resourceServer: 'x'
          });
    });
    await expect(token.headers()).rejects.toThrow('down');
    expect(await token.headers()).toEqual(bearer('b'));
    expect(token.current?.accessToken).toBe('b');
  });
});
