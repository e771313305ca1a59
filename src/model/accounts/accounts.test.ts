import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { IAccountInfo } from '../../tokens';
import { GatewayRefusal } from '../gateway';
import { ADA, makeAccount, REQUEST } from '../testing/fakeAccounts';
import { FakeEvents } from '../testing/fakeEvents';
import { Accounts } from './accounts';
import { GatewayAccounts } from './gatewayAccounts';

/** A gateway that answers what a test expects, in order, and nothing else. */
class ScriptedGateway {
  expect(call: string, answer: unknown, body?: unknown): this {
    this._expected.push({ call, answer, body });
    return this;
  }

  request(method: string, path: string, body?: unknown): Promise<unknown> {
    const next = this._expected.shift();
    expect([`${method} ${path}`, body]).toEqual([next?.call, next?.body]);
    return next?.answer instanceof Error
      ? Promise.reject(next.answer)
      : Promise.resolve(next?.answer);
  }

  get isDone(): boolean {
    return this._expected.length === 0;
  }

  private readonly _expected: {
    call: string;
    answer: unknown;
    body?: unknown;
  }[] = [];
}

const listOf = (...accounts: IAccountInfo[]): unknown => ({ accounts });

describe('Accounts', () => {
  let gateway: ScriptedGateway;
  let events: FakeEvents;
  let accounts: Accounts;
  let renewed: string[];

  beforeEach(() => {
    gateway = new ScriptedGateway();
    events = new FakeEvents();
    const source = new GatewayAccounts(gateway);
    accounts = new Accounts(() => Promise.resolve(source), events);
    renewed = [];
    accounts.renewed.connect((_, service) => renewed.push(service));
    return () => {
      expect(gateway.isDone).toBe(true);
    };
  });

  it('are those of the gateway', async () => {
    gateway.expect('GET accounts', listOf(makeAccount()));
    await accounts.ready();
    await accounts.ready();
    expect(accounts.find('cloud')?.state).toBe('signed-out');
    expect(renewed).toEqual([]);
  });

  it('are none of a gateway of an earlier version', async () => {
    const refusal = new GatewayRefusal(
      new Response('', { status: 404 }),
      '',
      'Not found'
    );
    gateway.expect('GET accounts', refusal);
    await accounts.refresh();
    expect([accounts.items, accounts.problem]).toEqual([[], null]);
  });

  it('say why they cannot be read', async () => {
    gateway.expect('GET accounts', new Error('No network.'));
    await accounts.refresh();
    expect(accounts.problem).toBe('No network.');
  });

  it('are signed in to by a code', async () => {
    const requirements = { session_required_mfa: true };
    const { id, url, completes } = REQUEST;
    gateway
      .expect('GET accounts', listOf(makeAccount()))
      .expect(
        'POST accounts/cloud/sign-in',
        { id, url, completes },
        {
          requirements
        }
      )
      .expect('POST accounts/cloud/sign-in/r1', ADA, { code: 'abc' });
    await accounts.refresh();
    const request = await accounts.beginSignIn('cloud', requirements);
    expect(request).toEqual(REQUEST);
    await accounts.completeSignIn(REQUEST, ' abc\n');
    expect(accounts.find('cloud')).toEqual(ADA);
    expect(renewed).toEqual(['cloud']);
  });

  it('pass on why a code was refused, and can be given another', async () => {
    const refusal = new GatewayRefusal(
      new Response('', { status: 400 }),
      'CODE_REFUSED',
      'The code was not accepted.'
    );
    gateway
      .expect('POST accounts/cloud/sign-in/r1', refusal, { code: 'x' })
      .expect('POST accounts/cloud/sign-in/r1', ADA, { code: 'y' });
    await expect(accounts.completeSignIn(REQUEST, 'x')).rejects.toThrow(
      'The code was not accepted.'
    );
    expect(renewed).toEqual([]);
    await accounts.completeSignIn(REQUEST, 'y');
    expect(renewed).toEqual(['cloud']);
  });

  it('follow sign-ins that end elsewhere', async () => {
    gateway
      .expect('GET accounts', listOf(makeAccount()))
      .expect('GET accounts', listOf(ADA))
      .expect('GET accounts', listOf(makeAccount()));
    await accounts.refresh();
    expect(events.starts).toBe(1);
    events.accounts.emit({ services: ['cloud'] });
    await vi.waitFor(() => {
      expect(renewed).toEqual(['cloud']);
    });
    expect(accounts.find('cloud')?.name).toBe('Ada Lovelace');
    events.accounts.emit({ services: ['cloud'] });
    await vi.waitFor(() => {
      expect(accounts.find('cloud')?.state).toBe('signed-out');
    });
    expect(renewed).toEqual(['cloud']);
  });

  it('notice a sign-in that was made while nothing was heard', async () => {
    gateway
      .expect('GET accounts', listOf(makeAccount()))
      .expect('GET accounts', listOf(ADA))
      .expect('GET accounts', listOf(ADA));
    await accounts.refresh();
    events.gap.emit();
    await vi.waitFor(() => {
      expect(renewed).toEqual(['cloud']);
    });
    events.gap.emit();
    await vi.waitUntil(() => gateway.isDone);
    expect(renewed).toEqual(['cloud']);
  });

  it('are signed out of, and forget the groups', async () => {
    const groups = [{ id: 'g1', name: 'Lab', role: 'member' }];
    gateway
      .expect('GET accounts', listOf(ADA))
      .expect('GET accounts/cloud/groups', { groups })
      .expect('POST accounts/cloud/sign-out', makeAccount(), {})
      .expect('GET accounts/cloud/groups', { groups: [] });
    await accounts.refresh();
    await expect(accounts.groups('cloud')).resolves.toEqual(groups);
    await expect(accounts.groups('cloud')).resolves.toEqual(groups);
    await accounts.signOut('cloud');
    expect(accounts.find('cloud')?.state).toBe('signed-out');
    await expect(accounts.groups('cloud')).resolves.toEqual([]);
  });

  it('ask for groups again that were refused', async () => {
    const refusal = new GatewayRefusal(
      new Response('', { status: 403 }),
      'CONSENT_NEEDED',
      'Allow it.',
      { required_scopes: ['groups'] }
    );
    gateway
      .expect('GET accounts/cloud/groups', refusal)
      .expect('GET accounts/cloud/groups', { groups: [] });
    await expect(accounts.groups('cloud')).rejects.toBe(refusal);
    await expect(accounts.groups('cloud')).resolves.toEqual([]);
  });

  it('check a connection, and give a sign-in up in silence', async () => {
    const step = {
      name: 'api',
      state: 'ok',
      text: 'It answers.',
      advice: null,
      durationMs: 3
    };
    gateway
      .expect(
        'POST accounts/cloud/check',
        { steps: [step] },
        { endpoint: 'ep' }
      )
      .expect('DELETE accounts/cloud/sign-in/r1', new Error('gone'));
    await expect(accounts.check('cloud', 'ep')).resolves.toEqual([step]);
    await accounts.cancelSignIn(REQUEST);
  });
});
