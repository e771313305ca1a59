import { PromiseDelegate } from '@lumino/coreutils';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { ADA, makeAccount } from '../../model/testing/fakeAccounts';
import { AuthenticationError, AuthorizationRequirementsError } from '../../sdk';
import type { IGroup } from '../../tokens';
import { KNOWN_ID, FakeRun } from '../testing/fakeRun';
import { findGroup } from './group';

const NEEDED = new AuthenticationError('Local: sign in first.', {
  code: 'SIGN_IN_NEEDED',
  httpStatus: 401
});

const OUT = makeAccount({ service: 'local' });
const IN = { ...ADA, service: 'local' };

describe('a run that meets the want of a sign-in', () => {
  let fake: FakeRun;

  beforeEach(() => {
    fake = new FakeRun();
    fake.accounts.items = [OUT];
    return () => fake.notebook.dispose();
  });

  it('goes on by itself after it, and submits once', async () => {
    fake.refusals.push(NEEDED);
    const cell = fake.run();
    const ended = cell.run(() => undefined);
    await vi.waitUntil(() => fake.shownNeeds === 1);
    expect(fake.needs[0].message).toBe('Local: sign in first.');
    expect([cell.phase, cell.canStop]).toEqual(['signing-in', true]);
    expect(cell.batch?.state).toBe('sending');
    expect(fake.submits).toHaveLength(0);
    fake.accounts.become(IN);
    await expect(ended).resolves.toBe(true);
    expect(fake.submits).toHaveLength(1);
    expect(fake.shownNeeds).toBe(0);
    expect(cell.batch?.tasks[0].attempts).toBeUndefined();
  });

  it('hands on what a service requires of it', async () => {
    fake.accounts.items = [IN];
    fake.refusals.push(
      new AuthorizationRequirementsError({ sessionRequiredMfa: true })
    );
    const ended = fake.start();
    await vi.waitUntil(() => fake.shownNeeds === 1);
    expect(fake.needs[0].requirements).toEqual({ session_required_mfa: true });
    fake.accounts.become(IN);
    await expect(ended).resolves.toBe(true);
  });

  it('waits where endpoints are not seen without it', async () => {
    fake.unseen = [{ service: 'local', label: 'Lab', requirements: null }];
    const ended = fake.start('%%compute -e ep\narea(1)');
    await vi.waitUntil(() => fake.shownNeeds === 1);
    expect(fake.needs[0].message).toMatch(/no endpoint "ep".*Lab, sign in/);
    expect(fake.requested).toBeUndefined();
    fake.unseen = [];
    fake.accounts.become(IN);
    await expect(ended).resolves.toBe(true);
    expect(fake.outputs.slice(1)).toEqual(['printed\n']);
  });

  it('stops when told before anything was sent, and says so', async () => {
    fake.unseen = [{ service: 'local', label: 'Lab', requirements: null }];
    const cell = fake.run('%%compute -e ep\narea(1)');
    const ended = cell.run(() => undefined);
    await vi.waitUntil(() => fake.shownNeeds === 1);
    expect(cell.stopWaiting()).toBe(true);
    await expect(ended).resolves.toBe(false);
    expect(fake.outputs).toEqual([
      'Stopped before anything was sent: nobody had signed in.'
    ]);
    expect(fake.shownNeeds).toBe(0);
  });

  it('stops when told while it sends: the card says so', async () => {
    fake.refusals.push(NEEDED);
    const cell = fake.run();
    const ended = cell.run(() => undefined);
    await vi.waitUntil(() => fake.shownNeeds === 1);
    cell.stopWaiting();
    await expect(ended).resolves.toBe(false);
    expect(cell.batch?.state).toBe('problem');
    expect(cell.batch?.note).toMatch(/nobody had signed in/);
    await vi.waitFor(() => {
      expect(fake.outputs).toEqual(['problem']);
    });
    expect(fake.discard).toHaveBeenCalledOnce();
    // A sign-in afterwards sends nothing.
    fake.accounts.become(IN);
    expect(fake.submits).toHaveLength(0);
  });

  it('ends with the kernel, which is restarted meanwhile', async () => {
    fake.refusals.push(NEEDED);
    const ended = fake.start();
    await vi.waitUntil(() => fake.shownNeeds === 1);
    fake.kernel.statusChanged.emit('restarting');
    await expect(ended).resolves.toBe(false);
    expect(fake.shownNeeds).toBe(0);
  });

  it('follows tasks on that were accepted before the login ended', async () => {
    const settle = fake.settled;
    const asked = vi.fn();
    fake.settled = batch => {
      asked();
      return asked.mock.calls.length === 1
        ? Promise.reject(NEEDED)
        : settle(batch);
    };
    const ended = fake.start();
    await vi.waitUntil(() => fake.shownNeeds === 1);
    fake.accounts.become(IN);
    await expect(ended).resolves.toBe(true);
    expect(asked).toHaveBeenCalledTimes(2);
    expect(fake.submits).toHaveLength(1);
  });

  it('is over when nobody can sign in', async () => {
    fake.accounts.items = [{ ...OUT, canSignIn: false }];
    fake.refusals.push(NEEDED);
    await expect(fake.start()).resolves.toBe(false);
    expect(fake.needs).toEqual([]);
    await vi.waitFor(() => {
      expect(fake.outputs).toEqual(['problem']);
    });
  });

  it('waits for a consent to read groups, and registers with one', async () => {
    const groups = new PromiseDelegate<readonly IGroup[]>();
    fake.accounts.calls.groups = () => groups.promise;
    groups.resolve([{ id: KNOWN_ID, name: 'Lab', role: 'member' }]);
    await expect(fake.start('%%compute --group lab\narea(1)')).resolves.toBe(
      true
    );
    expect(fake.submits[0].calls[0].function.registration).toEqual({
      group: KNOWN_ID
    });
  });
});

describe('the identity that tasks run under', () => {
  it.each([
    [true, 'ada@university'],
    [false, undefined]
  ])('is named in a shared notebook: %s', async (isShared, identity) => {
    const fake = new FakeRun();
    fake.isShared = isShared;
    const cell = fake.run();
    await cell.run(() => undefined);
    expect(cell.batch?.snapshot().identity).toBe(identity);
    fake.notebook.dispose();
  });
});

describe('findGroup', () => {
  const groups: readonly IGroup[] = [
    { id: 'g1', name: 'Lab', role: 'member' },
    { id: 'g2', name: 'Course', role: 'admin' },
    { id: 'g3', name: 'course', role: 'member' },
    { id: 'g4', name: 'Twins', role: 'member' },
    { id: 'g5', name: 'Twins', role: 'member' }
  ];
  const accounts = { groups: () => Promise.resolve(groups) };

  it.each([
    ['lab', 'g1'],
    ['Course', 'g2'],
    ['course', 'g3'],
    [KNOWN_ID.toUpperCase(), KNOWN_ID]
  ])('knows %s', async (given, id) => {
    await expect(findGroup(accounts, 'cloud', given)).resolves.toBe(id);
  });

  it('asks nobody where none is given', async () => {
    const refuse = (): never => {
      throw new Error('Unexpected call.');
    };
    await expect(findGroup({ groups: refuse }, 'cloud', null)).resolves.toBe(
      null
    );
  });

  it.each([
    ['Nobody', /no group called "Nobody"\. Your groups: Lab, Course/],
    [
      'Twins',
      /2 of your groups are called "Twins": Twins \(g4\), Twins \(g5\)/
    ],
    ['COURSE', /2 of your groups are called "COURSE"/]
  ])('refuses %s', async (given, message) => {
    await expect(findGroup(accounts, 'cloud', given)).rejects.toThrow(message);
  });
});
