import { beforeEach, describe, expect, it } from 'vitest';

import { EndpointChoices } from './endpointChoices';
import { Endpoints } from './endpoints';
import type { IService } from './services';
import { FakeAccounts } from './testing/fakeAccounts';

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
        get: () => Promise.resolve(SERVICE)
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
        { all: () => Promise.resolve(all), get: refuse },
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
