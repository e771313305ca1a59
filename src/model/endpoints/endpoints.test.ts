import { beforeEach, describe, expect, it, vi } from 'vitest';

import {
  AuthenticationError,
  AuthorizationRequirementsError,
  NotFoundError
} from '../../sdk';
import type { IService } from '../services';
import { ADA, FakeAccounts, makeAccount } from '../testing/fakeAccounts';
import { EndpointChoices } from './endpointChoices';
import { Endpoints } from './endpoints';

const NAMES: Record<string, string> = {
  here: 'This computer',
  far: 'My cluster',
  other: 'Lab server'
};

/** A service that lists the first two endpoints and knows all. */
const SERVICE = {
  profile: { name: 'local' },
  client: {
    getEndpoints: () =>
      Promise.resolve(
        ['here', 'far'].map(id => ({ id, name: id, displayName: NAMES[id] }))
      ),
    getEndpointStatus: () =>
      Promise.resolve({ status: 'online', details: { total_workers: 2 } }),
    getEndpointMetadata: (id: string) =>
      id in NAMES
        ? Promise.resolve({ id, name: id, displayName: NAMES[id] })
        : Promise.reject(new Error('There is no such endpoint.'))
  }
} as unknown as IService;

describe('Endpoints', () => {
  let choices: EndpointChoices;
  let kept: unknown[];

  const make = async (): Promise<Endpoints> => {
    const endpoints = new Endpoints(
      {
        all: () => Promise.resolve([SERVICE]),
        get: () => Promise.resolve(SERVICE),
        default: null
      },
      new FakeAccounts(),
      choices
    );
    await endpoints.refresh();
    return endpoints;
  };

  const names = ({ items }: Endpoints): string[] =>
    items.map(({ name }) => name);

  beforeEach(() => {
    choices = new EndpointChoices();
    kept = [];
    choices.chosen.connect((_, value) => kept.push(value));
  });

  describe('of a service that cannot be used here', () => {
    const refuse = (): never => {
      throw new Error('It must not be asked.');
    };
    const MISSING = {
      profile: { name: 'local', unavailable: 'Not installed. Run: pip …' },
      client: { getEndpoints: refuse }
    } as unknown as IService;
    const of = async (...all: IService[]): Promise<Endpoints> => {
      const endpoints = new Endpoints(
        { all: () => Promise.resolve(all), get: refuse, default: null },
        new FakeAccounts(),
        choices
      );
      await endpoints.refresh();
      return endpoints;
    };

    it('says why, if there is nowhere else to run', async () => {
      const endpoints = await of(MISSING);
      expect(endpoints.problem).toBe('Not installed. Run: pip …');
      await expect(endpoints.resolve(null)).resolves.toBeUndefined();
    });

    it('is no problem where another service has endpoints', async () => {
      const endpoints = await of(MISSING, SERVICE);
      expect(endpoints.problem).toBeNull();
      expect((await endpoints.resolve(null))?.name).toBe('This computer');
    });
  });

  it('hides an endpoint, which a cell may still name', async () => {
    const endpoints = await make();
    endpoints.setHidden('here', true);
    expect(names(endpoints)).toEqual(['My cluster']);
    expect(endpoints.hidden.map(({ id }) => id)).toEqual(['here']);
    expect(endpoints.default?.id).toBe('far');
    await expect(endpoints.resolve('this computer')).resolves.toMatchObject({
      id: 'here'
    });
    endpoints.setHidden('here', false);
    expect(names(endpoints)).toEqual(['This computer', 'My cluster']);
  });

  it('adds an endpoint by its id, for good', async () => {
    const endpoints = await make();
    await endpoints.add('other', 'local');
    expect(names(endpoints)).toContain('Lab server');
    choices.read(JSON.parse(JSON.stringify(kept.at(-1))));
    const later = await make();
    expect(later.find('Lab server')).toMatchObject({ isAdded: true });
    later.remove('other');
    expect(names(later)).toEqual(['This computer', 'My cluster']);
    expect(kept.at(-1)).toMatchObject({ added: [] });
  });

  it('adds none that its service does not know', async () => {
    const endpoints = await make();
    await expect(endpoints.add('nowhere', 'local')).rejects.toThrow(
      'no such endpoint'
    );
    expect(kept).toEqual([]);
  });

  it('runs a notebook where a person chose to', async () => {
    const endpoints = await make();
    endpoints.setDefaultFor('a.ipynb', 'far');
    await expect(endpoints.resolve(null, 'a.ipynb')).resolves.toMatchObject({
      id: 'far'
    });
    await expect(endpoints.resolve(null, 'b.ipynb')).resolves.toMatchObject({
      id: 'here'
    });
    endpoints.setDefaultFor('a.ipynb', null);
    expect(endpoints.defaultFor('a.ipynb')?.id).toBe('here');
  });

  it.each([
    ['class/a.ipynb', 'class/b.ipynb', ['class/b.ipynb', 'classes.ipynb']],
    ['class', 'x/y', ['x/y/a.ipynb', 'classes.ipynb']],
    ['other', 'class', ['class/a.ipynb', 'classes.ipynb']]
  ])('keeps the choice when %s becomes %s', async (from, to, paths) => {
    const endpoints = await make();
    endpoints.setDefaultFor('class/a.ipynb', 'far');
    endpoints.setDefaultFor('classes.ipynb', 'far');
    kept.length = 0;
    choices.move(from, to);
    expect(Object.keys(choices.value.defaults)).toEqual(paths);
    expect(kept).toHaveLength(from === 'other' ? 0 : 1);
  });

  it('takes nothing malformed from the settings', () => {
    choices.read({
      added: [{ id: 1 }, null, { id: 'x', service: 'local' }],
      hidden: 'all',
      defaults: { 'a.ipynb': 7, 'b.ipynb': 'far' }
    });
    expect(choices.value).toEqual({
      added: [{ id: 'x', service: 'local' }],
      hidden: [],
      defaults: { 'b.ipynb': 'far' }
    });
  });
});

describe('Endpoints of a service that asks who one is', () => {
  const TUTORIAL = '4b116d3c-1703-4f8f-9f6f-39921e5864df';
  const ME = 'ae341a98-d274-11e5-b888-dbae3a8ba545';
  let accounts: FakeAccounts;
  let asked: number;
  let refusal: Error | null;
  let knowsTutorial: boolean;

  const cloud = {
    profile: {
      name: 'cloud',
      label: 'Globus Compute',
      kind: 'cloud',
      needsAccount: true
    },
    client: {
      getEndpoints: () => {
        asked += 1;
        return refusal
          ? Promise.reject(refusal)
          : Promise.resolve([
              { id: 'a', name: 'a', displayName: 'Mine', owner: ME },
              { id: 'b', name: 'b', displayName: 'Ours', owner: 'other' }
            ]);
      },
      getEndpointStatus: () =>
        Promise.resolve({ status: 'offline', details: {} }),
      getEndpointMetadata: (id: string) =>
        id === TUTORIAL && !knowsTutorial
          ? Promise.reject(new NotFoundError('No such endpoint.'))
          : Promise.resolve({
              id,
              name: id,
              displayName: id === TUTORIAL ? 'Tutorial' : id,
              multiUser: id === 'b'
            })
    }
  } as unknown as IService;

  const make = (
    choices = new EndpointChoices(),
    usual: IService | null = null
  ): Endpoints =>
    new Endpoints(
      {
        all: () => Promise.resolve([SERVICE, cloud]),
        get: () => Promise.resolve(cloud),
        default: usual?.profile ?? null
      },
      accounts,
      choices
    );

  beforeEach(() => {
    accounts = new FakeAccounts([makeAccount()]);
    asked = 0;
    refusal = null;
    knowsTutorial = true;
  });

  it('are not asked for, nor missed, before somebody signs in', async () => {
    const endpoints = make();
    await endpoints.refresh();
    expect(asked).toBe(0);
    expect(endpoints.problem).toBeNull();
    expect(endpoints.unseen).toEqual([
      { service: 'cloud', label: 'Globus Compute', requirements: null }
    ]);
    expect(endpoints.items.map(({ name }) => name)).toEqual([
      'This computer',
      'My cluster'
    ]);
  });

  it('are there after the sign-in, by role, with the tutorial one', async () => {
    const endpoints = make();
    await endpoints.refresh();
    accounts.become(ADA);
    await vi.waitFor(() => {
      expect(endpoints.unseen).toEqual([]);
    });
    expect(
      endpoints.items
        .slice(2)
        .map(({ name, isOwned, isMultiUser, isTutorial }) => ({
          name,
          isOwned,
          isMultiUser,
          isTutorial
        }))
    ).toEqual([
      { name: 'Mine', isOwned: true },
      { name: 'Ours', isOwned: false, isMultiUser: true },
      { name: 'Tutorial', isTutorial: true }
    ]);
    endpoints.setHidden(TUTORIAL, true);
    expect(endpoints.items).toHaveLength(4);
    expect(endpoints.hidden.map(({ name }) => name)).toEqual(['Tutorial']);
  });

  it('leave the tutorial one out where the service has none', async () => {
    accounts.items = [ADA];
    knowsTutorial = false;
    const endpoints = make();
    await endpoints.refresh();
    expect(endpoints.items.map(({ name }) => name)).not.toContain('Tutorial');
  });

  it('wait for a sign-in that satisfies what the service requires', async () => {
    accounts.items = [ADA];
    refusal = new AuthorizationRequirementsError({ sessionRequiredMfa: true });
    const endpoints = make();
    await endpoints.refresh();
    expect(endpoints.problem).toBeNull();
    expect(endpoints.unseen[0].requirements).toEqual({
      session_required_mfa: true
    });
    refusal = null;
    accounts.renewed.emit('cloud');
    await expect(endpoints.resolve('Mine')).resolves.toMatchObject({ id: 'a' });
  });

  it('say what is wrong where nobody can sign in', async () => {
    accounts.items = [{ ...ADA, method: 'configured', canSignIn: false }];
    refusal = new AuthenticationError('Refused.', { httpStatus: 401 });
    const endpoints = make();
    await endpoints.refresh();
    expect(endpoints.problem).toBe('Refused.');
  });

  it('come first where theirs is the usual service, and once it is known', async () => {
    const endpoints = make(undefined, cloud);
    await endpoints.refresh();
    expect(endpoints.default).toBeNull();
    await expect(endpoints.resolve(null)).resolves.toBeUndefined();
    accounts.become(ADA);
    await vi.waitFor(() => {
      expect(endpoints.default?.name).toBe('Mine');
    });
    endpoints.setHidden('a', true);
    expect(endpoints.default?.name).toBe('Ours');
  });

  it('are not replaced by another where one was chosen', async () => {
    const choices = new EndpointChoices();
    choices.choose({ defaults: { 'x.ipynb': 'a' } });
    const endpoints = make(choices);
    await expect(endpoints.resolve(null, 'x.ipynb')).resolves.toBeUndefined();
    await expect(endpoints.resolve(null, 'y.ipynb')).resolves.toMatchObject({
      id: 'here'
    });
    accounts.become(ADA);
    await expect(endpoints.resolve(null, 'x.ipynb')).resolves.toMatchObject({
      id: 'a'
    });
  });
});
