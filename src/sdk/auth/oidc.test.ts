// @vitest-environment node
import { createHash } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { AuthenticationError } from '../errors.js';
import { FakeIssuer, type IIssuerRequest } from '../testing/issuer.js';
import {
  COMPUTE_RESOURCE_SERVER,
  COMPUTE_SCOPE,
  type IIssuer
} from './issuer.js';
import { OidcLoginManager } from './oidc.js';
import { isConsentRequiredError } from './requirements.js';

const CLIENT_ID = '4cf29807-0000-4000-8000-000000000000';
const PAGE = 'https://example.org/code';

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

describe('OidcLoginManager', () => {
  const manager = () =>
    new OidcLoginManager({
      clientId: CLIENT_ID,
      redirectUri: PAGE,
      issuer: urls
    });

  /** What Globus Auth answers: Compute's token is not the first. */
  const tokens = (url: string, seconds = 3600) => ({
    access_token: 'openid-token',
    expires_in: 3600,
    id_token: idToken(url),
    resource_server: 'auth.globus.org',
    scope: 'openid',
    token_type: 'Bearer',
    other_tokens: [compute('compute-1', seconds, 'refresh-1')]
  });

  function idToken(url: string): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: urls.issuer,
      aud: CLIENT_ID,
      nonce: new URL(url).searchParams.get('nonce'),
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
      return [200, tokens(url)];
    });
    await login.completeSignIn('  a+b/c\n');
    expect(await login.getAuthorizationHeaders()).toEqual(bearer('compute-1'));
  });

  it('takes the whole address as well, and no other sign-in', async () => {
    const login = manager();
    const { url, state } = await login.beginSignIn();
    issuer.expect(() => [200, tokens(url)]);
    await login.completeSignIn(`${PAGE}?code=x&state=${state}`);
    await login.ensureLoggedIn();
    await login.beginSignIn();
    const foreign = login.completeSignIn(`${PAGE}?code=x&state=other`);
    await expect(foreign).rejects.toMatchObject({ code: 'STATE_REFUSED' });
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
    const { url } = await login.beginSignIn();
    issuer.expect(() => [200, tokens(url, seconds)]);
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

  it('renews the token of Compute by itself, once for many', async () => {
    const login = await signedIn(100);
    vi.useFakeTimers({ toFake: ['Date'] });
    const headers = () => login.getAuthorizationHeaders();
    expect(await headers()).toEqual(bearer('compute-1'));
    vi.advanceTimersByTime(81_000);
    issuer.expect(refreshed('compute-2', 3600));
    expect(await Promise.all([headers(), headers(), headers()])).toEqual([
      bearer('compute-2'),
      bearer('compute-2'),
      bearer('compute-2')
    ]);
    expect(await headers()).toEqual(bearer('compute-2'));
    // No new refresh token was given: the old one stays in use.
    vi.advanceTimersByTime(3_600_000);
    issuer.expect(refreshed('compute-3', 3600));
    expect(await headers()).toEqual(bearer('compute-3'));
  });

  it('renews a refused token, but not one that is newer', async () => {
    const login = await signedIn(3600);
    const refused = await login.getAuthorizationHeaders();
    const options = { refresh: true, refused };
    issuer.expect(refreshed('compute-2', 3600));
    const first = await login.getAuthorizationHeaders(options);
    expect(first).toEqual(bearer('compute-2'));
    // A slower request was refused with the same old token.
    expect(await login.getAuthorizationHeaders(options)).toEqual(first);
  });

  it('uses a token to its end while the issuer is down', async () => {
    const login = await signedIn(100);
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.advanceTimersByTime(90_000);
    issuer.expect(() => [503, {}]).expect(() => [503, {}]);
    expect(await login.getAuthorizationHeaders()).toEqual(bearer('compute-1'));
    vi.advanceTimersByTime(11_000);
    // The error says that the request itself was not sent.
    await expect(login.getAuthorizationHeaders()).rejects.toMatchObject({
      name: 'NetworkError',
      neverSent: true
    });
  });

  it('asks for a new sign-in when the renewal is refused', async () => {
    const login = await signedIn(3600);
    const refresh = { refresh: true };
    issuer.expect(() => [400, { error: 'invalid_grant' }]);
    await expect(login.getAuthorizationHeaders(refresh)).rejects.toMatchObject({
      name: 'AuthenticationError',
      code: 'invalid_grant'
    });
    await expect(login.getAuthorizationHeaders()).rejects.toMatchObject({
      code: 'NOT_SIGNED_IN'
    });
  });

  it('says what a renewal misses', async () => {
    const login = await signedIn(3600);
    issuer.expect(() => [
      403,
      {
        error: 'dependent_consent_required',
        errors: [{ unapproved_scopes: ['urn:scope'] }]
      }
    ]);
    const failure: unknown = await login
      .getAuthorizationHeaders({ refresh: true })
      .catch((error: unknown) => error);
    expect(isConsentRequiredError(failure)).toBe(true);
    expect(failure).toMatchObject({
      requirements: { requiredScopes: ['urn:scope'] }
    });
  });

  it('asks for what a service said the sign-in must satisfy', async () => {
    const { url } = await manager().beginSignIn({
      requirements: {
        requiredScopes: [COMPUTE_SCOPE, 'urn:more'],
        sessionRequiredPolicies: ['p1', 'p2'],
        prompt: 'login'
      }
    });
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
      scope: `openid ${COMPUTE_SCOPE} urn:more`,
      session_required_policies: 'p1,p2',
      prompt: 'login',
      access_type: 'offline'
    });
  });

  it('gives nobody away who did not allow Compute', async () => {
    const login = manager();
    const { url } = await login.beginSignIn();
    issuer
      .expect(() => [200, { ...tokens(url), other_tokens: [] }])
      .expect(({ path, form }) => {
        expect([path, form.token]).toEqual(['/revoke', 'openid-token']);
        return [200, {}];
      });
    await expect(login.completeSignIn('x')).rejects.toMatchObject({
      code: 'NO_TOKEN'
    });
    await expect(login.ensureLoggedIn()).rejects.toThrow(AuthenticationError);
  });

  it.each([
    [400, { error: 'invalid_scope' }, 'invalid_scope'],
    [400, { error: '<b>not a code</b>' }, 'SIGN_IN_REFUSED'],
    [502, 'a page of a proxy', 'SIGN_IN_FAILED']
  ])('gives the reason of a refusal: %#', async (status, body, code) => {
    const login = manager();
    await login.beginSignIn();
    issuer.expect(() => [status, body]);
    await expect(login.completeSignIn('x')).rejects.toMatchObject({
      name: 'AuthenticationError',
      code
    });
  });

  it('refuses an identity that is not of this sign-in', async () => {
    const login = manager();
    const { url } = await login.beginSignIn();
    const other = new URL(url);
    other.searchParams.set('nonce', 'replayed');
    issuer.expect(() => [200, tokens(other.href)]);
    await expect(login.completeSignIn('x')).rejects.toMatchObject({
      code: 'SIGN_IN_FAILED'
    });
  });

  it('says that the issuer cannot be reached', async () => {
    const login = manager();
    await login.beginSignIn();
    issuer.stop();
    await expect(login.completeSignIn('x')).rejects.toMatchObject({
      name: 'NetworkError',
      code: 'UNREACHABLE'
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
