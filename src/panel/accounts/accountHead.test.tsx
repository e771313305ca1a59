import { PromiseDelegate } from '@lumino/coreutils';
import type { ReactElement } from 'react';
import { describe, expect, it, vi } from 'vitest';

import { Diagnoses } from '../../model/diagnoses';
import { englishBundle } from '../../model/format';
import {
  ADA,
  FakeAccounts,
  makeAccount
} from '../../model/testing/fakeAccounts';
import type { IAccountInfo, ICheckStep } from '../../tokens';

import { click, mount } from '../../testing/mount';
import { button } from '../testing/queries';
import {
  CLOUD_SERVICE,
  FakeServices,
  LOCAL_SERVICE
} from '../testing/services';
import type { IAccountDeeds } from './accountDetails';
import { AccountArea, AccountButtons } from './accountHead';
import { AccountsModel } from './accountsModel';

function refuse(): never {
  throw new Error('Unexpected call.');
}

const LOCAL = makeAccount({
  service: 'local',
  state: 'not-needed',
  why: '',
  canSignIn: false
});

const STEPS: readonly ICheckStep[] = [
  {
    name: 'api',
    state: 'ok',
    text: 'It answers.',
    advice: null,
    durationMs: 120
  },
  {
    name: 'token',
    state: 'failed',
    text: '<b>Refused</b>',
    advice: 'Sign in again.',
    durationMs: 5
  },
  {
    name: 'task',
    state: 'skipped',
    text: 'Not tried.',
    advice: null,
    durationMs: 0
  }
];

function modelOf(
  items: readonly IAccountInfo[],
  calls: FakeAccounts['calls'] = {}
): { model: AccountsModel; diagnoses: Diagnoses; accounts: FakeAccounts } {
  const accounts = new FakeAccounts(items, calls);
  const diagnoses = new Diagnoses(accounts);
  const services = new FakeServices([LOCAL_SERVICE, CLOUD_SERVICE]);
  return {
    accounts,
    diagnoses,
    model: new AccountsModel(accounts, services, diagnoses)
  };
}

function head(
  model: AccountsModel,
  deeds: Partial<IAccountDeeds> = {}
): ReactElement {
  const props = {
    model,
    trans: englishBundle(),
    areaId: 'area',
    deeds: {
      onSignIn: refuse,
      onSignOut: refuse,
      onCheck: refuse,
      onCopy: refuse,
      ...deeds
    }
  };
  return (
    <>
      <AccountButtons {...props} />
      <AccountArea {...props} />
    </>
  );
}

describe('the head of the panel', () => {
  it('offers nothing where no service asks who one is', () => {
    const { node } = mount(head(modelOf([LOCAL]).model));
    expect(node.querySelector('button')).toBeNull();
  });

  it('offers to sign in, within the click', () => {
    const onSignIn = vi.fn();
    const { model } = modelOf([LOCAL, makeAccount()]);
    const { node } = mount(head(model, { onSignIn }));
    click(button(node, /^Sign in$/));
    expect(onSignIn).toHaveBeenCalledExactlyOnceWith();
  });

  it('says who is signed in, by which login and why', () => {
    const onSignOut = vi.fn();
    const { model } = modelOf([LOCAL, ADA]);
    const { node, redraw } = mount(head(model, { onSignOut }));
    const toggle = button(node, /^Account: Ada Lovelace$/);
    expect(toggle.getAttribute('aria-expanded')).toBe('false');
    click(toggle);
    redraw(head(model, { onSignOut }));
    const details = node.querySelector('#area')?.textContent;
    expect(details).toContain('ada@university.example');
    expect(details).toContain('made here');
    expect(details).toContain('Somebody signed in here.');
    expect(details).toContain('This computerno account needed');
    click(button(node, /^Sign out/));
    expect(onSignOut).toHaveBeenCalledExactlyOnceWith('cloud');
  });

  it('asks to sign in again where a login ended, without being opened', () => {
    const onSignIn = vi.fn();
    const problem = 'The login was revoked.';
    const { model } = modelOf([makeAccount({ problem })]);
    const { node } = mount(head(model, { onSignIn }));
    expect(node.querySelector('[role="alert"]')?.textContent).toContain(
      'Globus Compute The login was revoked.'
    );
    click(button(node, /^Sign in again$/));
    expect(onSignIn).toHaveBeenCalledExactlyOnceWith('cloud');
  });

  it('offers no sign-in where the server holds the only login', () => {
    const { model } = modelOf([
      { ...ADA, method: 'client-credentials', canSignIn: false }
    ]);
    const { node } = mount(head(model));
    expect(node.textContent).not.toContain('Sign in');
  });
});

describe('a check of the connection', () => {
  it('shows its steps as text, and copies them', async () => {
    const onCopy = vi.fn();
    const check = vi.fn(() => Promise.resolve(STEPS));
    const { model, diagnoses } = modelOf([LOCAL, ADA], { check });
    await diagnoses.run('cloud', 'ep');
    expect(check).toHaveBeenCalledExactlyOnceWith('cloud', 'ep');
    expect(model.isOpen).toBe(true);
    const { node } = mount(head(model, { onCopy }));
    expect(node.querySelector('[role="status"]')?.textContent).toBe(
      'The check failed: Login.'
    );
    const steps = [...node.querySelectorAll('ol > li')];
    expect(steps.map(({ textContent }) => textContent)).toEqual([
      '✓Service works · 0.12 sIt answers.',
      expect.stringMatching(
        /^✗Login failed · .*<b>Refused<\/b> Sign in again\.$/
      ),
      '–Sample task skippedNot tried.'
    ]);
    click(button(node, /^Copy as text$/));
    expect(onCopy).toHaveBeenCalledExactlyOnceWith(
      [
        'Connection to Globus Compute',
        '✓ Service (works, 120 ms): It answers.',
        '✗ Login (failed, 5 ms): <b>Refused</b>',
        '  Sign in again.',
        '– Sample task (skipped, 0 ms): Not tried.'
      ].join('\n')
    );
  });

  it('is forgotten with the login that it was of', async () => {
    const check = (): Promise<readonly ICheckStep[]> => Promise.resolve(STEPS);
    const { model, diagnoses } = modelOf([ADA], { check });
    await diagnoses.run('cloud', null);
    model.toggle();
    diagnoses.forget('cloud');
    expect(model.isOpen).toBe(false);
    expect(model.diagnosisOf('cloud')).toBeUndefined();
  });

  it('says that it runs, and why it could not', async () => {
    const answer = new PromiseDelegate<never>();
    const { model, diagnoses } = modelOf([ADA], {
      check: () => answer.promise
    });
    const done = diagnoses.run('cloud', null);
    const { node, redraw } = mount(head(model));
    expect(button(node, /^Checking…$/).disabled).toBe(true);
    // A second one joins the first.
    await diagnoses.run('cloud', null);
    answer.reject(new Error('No network.'));
    await done;
    redraw(head(model));
    expect(node.querySelector('ol')).toBeNull();
    expect(node.textContent).toContain('No network.');
  });
});
