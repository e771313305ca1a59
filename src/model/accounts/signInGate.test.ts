import { describe, expect, it, vi } from 'vitest';

import {
  ApiError,
  AuthenticationError,
  AuthorizationRequirementsError
} from '../../sdk';
import { GatewayRefusal } from '../gateway';
import { ADA, FakeAccounts, makeAccount } from '../testing/fakeAccounts';
import type { SignInWaiter } from './signInGate';
import { SignInGate } from './signInGate';
import { readSignInNeed, SignInNeededError } from './signInNeed';

const NEEDED = new AuthenticationError('Globus Compute: sign in first.', {
  code: 'SIGN_IN_NEEDED',
  httpStatus: 401
});

const wait: SignInWaiter = (_, renewed) => renewed;

function refuse(): never {
  throw new Error('Nobody has to wait.');
}

/** Fails for one reason after the other, and then succeeds. */
const deedOf = (
  ...reasons: Error[]
): ReturnType<typeof vi.fn<() => Promise<string>>> => {
  const deed = vi.fn(() => Promise.resolve('done'));
  reasons.forEach(reason => deed.mockRejectedValueOnce(reason));
  return deed;
};

const accountsOf = (...items: ReturnType<typeof makeAccount>[]): FakeAccounts =>
  new FakeAccounts(items, { refresh: () => Promise.resolve() });

describe('SignInGate', () => {
  it('lets pass what needs nobody', async () => {
    const gate = new SignInGate(new FakeAccounts());
    await expect(gate.pass('cloud', deedOf(), refuse)).resolves.toBe('done');
  });

  it('waits for a sign-in, and goes on after it', async () => {
    const accounts = accountsOf(makeAccount());
    const waiter = vi.fn(wait);
    const deed = deedOf(NEEDED);
    const passed = new SignInGate(accounts).pass('cloud', deed, waiter);
    await vi.waitUntil(() => waiter.mock.calls.length > 0);
    expect(waiter.mock.calls[0][0]).toEqual({
      service: 'cloud',
      message: 'Globus Compute: sign in first.',
      requirements: null
    });
    accounts.renewed.emit('lab');
    expect(deed).toHaveBeenCalledOnce();
    accounts.become(ADA);
    await expect(passed).resolves.toBe('done');
    expect(deed).toHaveBeenCalledTimes(2);
  });

  it('waits for nobody who has just signed in, but once', async () => {
    const accounts = accountsOf(ADA);
    const waiter = vi.fn(wait);
    const gate = new SignInGate(accounts);
    await gate.pass('cloud', deedOf(NEEDED), waiter);
    expect(waiter).not.toHaveBeenCalled();
    const passed = gate.pass('cloud', deedOf(NEEDED, NEEDED), waiter);
    await vi.waitUntil(() => waiter.mock.calls.length > 0);
    accounts.become(ADA);
    await expect(passed).resolves.toBe('done');
  });

  it('asks somebody who is signed in for what a service requires', async () => {
    const accounts = accountsOf(ADA);
    const waiter = vi.fn(wait);
    const reason = new AuthorizationRequirementsError({
      requiredScopes: ['urn:all'],
      sessionMessage: 'Allow it'
    });
    const passed = new SignInGate(accounts).pass(
      'cloud',
      deedOf(reason),
      waiter
    );
    await vi.waitUntil(() => waiter.mock.calls.length > 0);
    expect(waiter.mock.calls[0][0]).toMatchObject({
      requirements: {
        required_scopes: ['urn:all'],
        session_message: 'Allow it'
      }
    });
    accounts.become(ADA);
    await passed;
  });

  it('says what is wrong where nobody can sign in', async () => {
    const accounts = accountsOf(
      makeAccount({ method: 'configured', canSignIn: false })
    );
    const gate = new SignInGate(accounts);
    await expect(gate.pass('cloud', deedOf(NEEDED), refuse)).rejects.toBe(
      NEEDED
    );
  });

  it('passes other failures on, and the end of a wait', async () => {
    const gate = new SignInGate(accountsOf(makeAccount()));
    const other = new ApiError('No.', { httpStatus: 403 });
    await expect(gate.pass('cloud', deedOf(other), refuse)).rejects.toBe(other);
    const stop = new Error('stopped');
    await expect(
      gate.pass('cloud', deedOf(NEEDED), () => Promise.reject(stop))
    ).rejects.toBe(stop);
  });

  it('knows the service from the failure where nothing else tells', async () => {
    const accounts = accountsOf(makeAccount());
    const waiter = vi.fn(wait);
    const reason = new SignInNeededError('Sign in to see it.', 'cloud');
    const passed = new SignInGate(accounts).pass(null, deedOf(reason), waiter);
    await vi.waitUntil(() => waiter.mock.calls.length > 0);
    accounts.become(ADA);
    await passed;
    await expect(
      new SignInGate(accounts).pass(null, deedOf(NEEDED), refuse)
    ).rejects.toBe(NEEDED);
  });
});

describe('readSignInNeed', () => {
  it.each([
    ['NOT_SIGNED_IN', undefined, true],
    ['SIGN_IN_ENDED', undefined, true],
    ['POLICY', 403, false],
    ['INVALID_TOKEN', 401, true]
  ])('reads %s (%s) as %s', (code, httpStatus, isNeed) => {
    const need = readSignInNeed(
      new AuthenticationError('No.', { code, httpStatus })
    );
    expect(need !== null).toBe(isNeed);
  });

  it('reads a consent that the gateway asks for', () => {
    const requirements = { required_scopes: ['groups'] };
    const refusal = (code: string): GatewayRefusal =>
      new GatewayRefusal(
        new Response('', { status: 403 }),
        code,
        'Allow it.',
        requirements
      );
    expect(readSignInNeed(refusal('CONSENT_NEEDED'))).toEqual({
      message: 'Allow it.',
      requirements
    });
    expect(readSignInNeed(refusal('FORBIDDEN'))).toBeNull();
  });
});
