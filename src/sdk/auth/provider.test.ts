// @vitest-environment node
import { afterEach, describe, expect, it, vi } from 'vitest';

import { AuthenticationError } from '../errors.js';
import type { ITransport } from '../types.js';
import { ClientCredentialsLoginManager } from './credentials.js';
import { AUTH_RESOURCE_SERVER } from './issuer.js';
import type { LoginManager } from './loginmanager.js';
import { OidcLoginManager } from './oidc.js';
import { InMemoryTokenStore } from './store.js';
import { ACCOUNT, NATIVE_CLIENT, SERVICE_CLIENT } from './testing/accounts.js';
import { allow } from './testing/browse.js';
import { CODE_PAGE, TestProvider } from './testing/provider.js';
import {
  ENDPOINT_ID,
  FUNCTION_ID,
  TokenCheckingService
} from './testing/service.js';

let provider: TestProvider;
let service: TokenCheckingService;
let baseUrl: string;

async function start(accessTokenSeconds?: number): Promise<void> {
  provider = await TestProvider.start({ accessTokenSeconds });
  service = new TokenCheckingService(token => provider.isActive(token));
  baseUrl = await service.start();
}

afterEach(() => {
  provider.stop();
  service.stop();
});

function person(tokenStore = new InMemoryTokenStore()): OidcLoginManager {
  return new OidcLoginManager({
    clientId: NATIVE_CLIENT,
    redirectUri: CODE_PAGE,
    issuer: provider.issuer,
    tokenStore
  });
}

async function signedIn(tokenStore?: InMemoryTokenStore) {
  const manager = person(tokenStore);
  const { url } = await manager.beginSignIn();
  const answer = new URL(await allow(url));
  await manager.completeSignIn(answer.searchParams.get('code') ?? '');
  return manager;
}

async function tokenOf(manager: LoginManager): Promise<string> {
  const { Authorization: header } = await manager.getAuthorizationHeaders();
  return header.replace('Bearer ', '');
}

/** Submit one call; gives the id of its task. */
async function submit(client: ITransport): Promise<string> {
  const answer = await client.request({
    method: 'POST',
    path: `/v3/endpoints/${ENDPOINT_ID}/submit`,
    body: { tasks: { [FUNCTION_ID]: ['a call'] } }
  });
  const { tasks } = answer as { tasks: Record<string, string[]> };
  return tasks[FUNCTION_ID][0];
}

const clientOf = (manager: LoginManager) => manager.getWebClient({ baseUrl });

describe('a person at a real provider', () => {
  it('signs in with a pasted code', async () => {
    await start();
    const manager = await signedIn();
    await submit(clientOf(manager));
    expect(service.refusals).toBe(0);
    expect(await manager.getAuthClient().oauth2Userinfo()).toMatchObject({
      sub: ACCOUNT
    });
  });

  it('has a token for each resource server, refreshed by itself', async () => {
    await start();
    const store = new InMemoryTokenStore();
    const manager = await signedIn(store);
    const [auth, compute] = await store.list();
    expect(auth.resourceServer).toBe(AUTH_RESOURCE_SERVER);
    const headers = await manager.getAuthorizationHeaders({ refresh: true });
    const after = await store.list();
    expect(after[0]).toEqual(auth);
    expect(headers.Authorization).toBe(`Bearer ${after[1].accessToken}`);
    expect(after[1].accessToken).not.toBe(compute.accessToken);
    expect(after[1].refreshToken).not.toBe(compute.refreshToken);
  });

  it('goes on with a batch while its tokens end one after another', async () => {
    await start(2);
    const client = clientOf(await signedIn());
    const taskIds: string[] = [];
    await vi.waitFor(
      async () => {
        taskIds.push(...(await Promise.all([submit(client), submit(client)])));
        expect(service.tokens.size).toBeGreaterThan(3);
      },
      { timeout: 20_000, interval: 20 }
    );
    // No call was lost or submitted twice, each refresh token was used once.
    expect(service.taskIds).toEqual(taskIds);
    const [first, ...renewals] = provider.grants;
    expect(first).toBe('authorization_code');
    expect(renewals).toHaveLength(service.tokens.size - 1);
    expect(new Set(provider.refreshTokens).size).toBe(renewals.length + 2);
  }, 30_000);

  it('renews once, and sends again once, after a token ended early', async () => {
    await start();
    const manager = await signedIn();
    const client = clientOf(manager);
    await submit(client);
    await provider.endAccessToken(await tokenOf(manager));
    const submits = Array.from({ length: 12 }, () => submit(client));
    const taskIds = await Promise.all(submits);
    expect(service.refusals).toBeLessThanOrEqual(12);
    expect(service.refusals).toBeGreaterThan(0);
    expect(provider.grants).toEqual(['authorization_code', 'refresh_token']);
    expect(service.taskIds.slice(1).sort()).toEqual(taskIds.sort());
  });

  it('asks for a new sign-in when this one was ended', async () => {
    await start();
    const manager = await signedIn();
    await provider.endSignIn(await tokenOf(manager));
    const client = clientOf(manager);
    await expect(submit(client)).rejects.toMatchObject({
      name: 'AuthenticationError',
      code: 'invalid_grant'
    });
    // The dead refresh token is not tried again.
    await expect(submit(client)).rejects.toMatchObject({
      code: 'NOT_SIGNED_IN'
    });
    expect(provider.grants).toHaveLength(2);
    expect(service.taskIds).toEqual([]);
  });

  it('ends all tokens at logout', async () => {
    await start();
    const store = new InMemoryTokenStore();
    const manager = await signedIn(store);
    const compute = await tokenOf(manager);
    expect(await provider.isActive(compute)).toBe(true);
    await manager.logout();
    expect(await provider.isActive(compute)).toBe(false);
    for (const refreshToken of provider.refreshTokens) {
      expect(await provider.isRefreshable(refreshToken)).toBe(false);
    }
    expect(await store.list()).toEqual([]);
    await expect(manager.ensureLoggedIn()).rejects.toMatchObject({
      code: 'NOT_SIGNED_IN'
    });
  });

  it('ends the token of a renewal that a logout overtook', async () => {
    await start();
    const manager = await signedIn();
    const renewal = manager.getAuthorizationHeaders({ refresh: true });
    const logout = manager.logout();
    await expect(renewal).rejects.toThrow(AuthenticationError);
    await logout;
    for (const refreshToken of provider.refreshTokens) {
      expect(await provider.isRefreshable(refreshToken)).toBe(false);
    }
  });

  it('refuses an answer that was used, is foreign, or was given up', async () => {
    await start();
    const manager = person();
    const refused = { code: 'STATE_REFUSED' };

    const givenUp = await allow((await manager.beginSignIn()).url);
    const { url, state } = await manager.beginSignIn();
    await expect(manager.completeSignIn(givenUp)).rejects.toMatchObject(
      refused
    );

    const other = await allow((await person().beginSignIn()).url);
    await expect(manager.completeSignIn(other)).rejects.toMatchObject(refused);

    // A foreign code under our own state does not fit our verifier.
    const code = new URL(other).searchParams.get('code') ?? '';
    const forged = `${CODE_PAGE}?${new URLSearchParams({ code, state })}`;
    await expect(manager.completeSignIn(forged)).rejects.toMatchObject({
      code: 'CODE_REFUSED'
    });
    await expect(manager.ensureLoggedIn()).rejects.toThrow(AuthenticationError);

    const answer = await allow((await manager.beginSignIn()).url);
    await manager.completeSignIn(answer);
    await expect(manager.completeSignIn(answer)).rejects.toMatchObject({
      code: 'NO_PENDING_SIGN_IN'
    });
    await manager.beginSignIn();
    await expect(manager.completeSignIn(answer)).rejects.toMatchObject(refused);
    expect(url).not.toContain(await tokenOf(manager));
  });

  it('refuses an answer in the name of another issuer', async () => {
    await start();
    const manager = person();
    const answer = new URL(await allow((await manager.beginSignIn()).url));
    answer.searchParams.set('iss', 'https://auth.globus.org');
    await expect(manager.completeSignIn(answer.href)).rejects.toMatchObject({
      code: 'STATE_REFUSED'
    });
  });

  it('refuses an identity that another issuer vouches for', async () => {
    await start();
    const issuer = { ...provider.issuer, issuer: 'https://auth.globus.org' };
    const manager = new OidcLoginManager({
      clientId: NATIVE_CLIENT,
      redirectUri: CODE_PAGE,
      issuer
    });
    const answer = new URL(await allow((await manager.beginSignIn()).url));
    answer.searchParams.delete('iss');
    await expect(manager.completeSignIn(answer.href)).rejects.toMatchObject({
      code: 'ID_TOKEN_REFUSED'
    });
    await expect(manager.ensureLoggedIn()).rejects.toThrow(AuthenticationError);
  });
});

describe('a program at a real provider', () => {
  const program = (clientSecret = SERVICE_CLIENT.clientSecret) =>
    new ClientCredentialsLoginManager({
      ...SERVICE_CLIENT,
      clientSecret,
      issuer: provider.issuer
    });

  it('signs in with its credentials, and again before its token ends', async () => {
    await start(2);
    const client = clientOf(program());
    await vi.waitFor(
      async () => {
        await submit(client);
        expect(service.tokens.size).toBeGreaterThan(2);
      },
      { timeout: 20_000, interval: 20 }
    );
    expect(new Set(provider.grants)).toEqual(new Set(['client_credentials']));
    expect(provider.grants).toHaveLength(service.tokens.size);
  }, 30_000);

  it('signs in again after its token ended early', async () => {
    await start();
    const manager = program();
    await provider.endAccessToken(await tokenOf(manager));
    await submit(clientOf(manager));
    expect(service.refusals).toBe(1);
    expect(provider.grants).toHaveLength(2);
    expect(service.taskIds).toHaveLength(1);
  });

  it('ends its token at logout', async () => {
    await start();
    const manager = program();
    const token = await tokenOf(manager);
    await manager.logout();
    expect(await provider.isActive(token)).toBe(false);
  });

  it('is refused with a wrong secret', async () => {
    await start();
    const refusal: unknown = await submit(clientOf(program('wrong-secret')))
      // Never the tasks' fault: nothing was submitted.
      .catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      name: 'AuthenticationError',
      code: 'invalid_client'
    });
    expect(String(refusal)).not.toContain('wrong-secret');
  });
});
