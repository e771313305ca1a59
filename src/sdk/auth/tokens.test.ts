import { describe, expect, it } from 'vitest';

import { AuthenticationError } from '../errors.js';
import { COMPUTE_RESOURCE_SERVER } from './issuer.js';
import { InMemoryTokenStore, type IToken } from './store.js';
import { readTokens } from './tokenendpoint.js';
import { bearer as headersOf, Tokens } from './tokens.js';

const bearer = (accessToken: string) => headersOf({ accessToken });

describe('tokens', () => {
  it('are read in any number', () => {
    expect(readTokens('no', 0)).toEqual([]);
    expect(readTokens({ other_tokens: [{}, 1] }, 0)).toEqual([]);
    expect(readTokens({ access_token: 'a' }, 5)).toEqual([
      {
        accessToken: 'a',
        refreshToken: undefined,
        expiresAtMs: Infinity,
        renewAtMs: Infinity,
        resourceServer: COMPUTE_RESOURCE_SERVER,
        scope: undefined
      }
    ]);
    expect(readTokens({ access_token: 'a', expires_in: 10 }, 5)).toMatchObject([
      { expiresAtMs: 10_005, renewAtMs: 8_005 }
    ]);
  });

  const token = (accessToken: string): IToken => ({
    accessToken,
    expiresAtMs: Infinity,
    renewAtMs: Infinity,
    resourceServer: COMPUTE_RESOURCE_SERVER
  });

  it('are asked for again after a renewal failed', async () => {
    let count = 0;
    const tokens = new Tokens({
      renew: () => {
        count += 1;
        return count === 1
          ? Promise.reject(new Error('down'))
          : Promise.resolve([token('b')]);
      },
      revoke: () => Promise.resolve()
    });
    await expect(tokens.headers()).rejects.toThrow('down');
    expect(await tokens.headers()).toEqual(bearer('b'));
  });

  it('are taken from a store that another page renewed them in', async () => {
    const store = new InMemoryTokenStore();
    await store.set({ ...token('old'), renewAtMs: 0 });
    const tokens = new Tokens(
      {
        renew: async () => {
          await store.set(token('new'));
          throw new AuthenticationError('used', { code: 'invalid_grant' });
        },
        revoke: () => Promise.resolve()
      },
      store
    );
    expect(await tokens.headers()).toEqual(bearer('new'));
  });

  it('of an earlier sign-in do not replace those of a later one', async () => {
    const revoked: string[] = [];
    let answer = (_tokens: IToken[]): void => undefined;
    const tokens = new Tokens({
      renew: () =>
        new Promise(resolve => {
          answer = resolve;
        }),
      revoke: ended => {
        revoked.push(...ended.map(({ accessToken }) => accessToken));
        return Promise.resolve();
      }
    });
    const early = tokens.headers();
    // The renewal is asked for as soon as the store has answered.
    await new Promise(resolve => setTimeout(resolve));
    await tokens.begin([token('later')]);
    answer([token('earlier')]);
    expect(await early).toEqual(bearer('later'));
    expect(revoked).toEqual(['earlier']);
    expect(await tokens.headers()).toEqual(bearer('later'));
  });
});
