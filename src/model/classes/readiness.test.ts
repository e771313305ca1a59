// @vitest-environment node
import { ServerConnection } from '@jupyterlab/services';
import { describe, expect, it } from 'vitest';

import type {
  IAccountInfo,
  IClassFile,
  IClassRules,
  IEndpointInfo,
  IGroup
} from '../../tokens';
import type { IService } from '../services';
import { ADA, makeAccount } from '../testing/fakeAccounts';
import { classContent, classFile } from '../testing/fakeClassFiles';
import { Readiness } from './readiness';

const MIDWAY: IEndpointInfo = {
  id: '11111111-1111-4111-8111-111111111111',
  name: 'Midway',
  registeredName: 'midway',
  service: 'cloud',
  status: 'online'
};

const GROUP = '22222222-2222-4222-8222-222222222222';

class House {
  services: string[] | Error = ['local', 'cloud'];
  endpoint: IEndpointInfo | null = MIDWAY;
  file: IClassFile | null = null;
  rules: Partial<IClassRules> = {};
  account: IAccountInfo | undefined = undefined;
  groups: readonly IGroup[] | Error = new Error('Unexpected call.');
  asked = 0;

  check(python: string | null = '3.12.1') {
    return new Readiness({
      services: {
        all: () =>
          this.services instanceof Error
            ? Promise.reject(this.services)
            : Promise.resolve(
                this.services.map(
                  name => ({ profile: { name } }) as unknown as IService
                )
              )
      },
      accounts: {
        ready: () => {
          this.asked += 1;
          return Promise.resolve();
        },
        find: () => this.account,
        groups: () =>
          this.groups instanceof Error
            ? Promise.reject(this.groups)
            : Promise.resolve(this.groups)
      },
      endpoints: {
        refresh: () => Promise.resolve(),
        find: () => this.endpoint ?? undefined,
        defaultFor: () => this.endpoint,
        problem: null
      },
      classFiles: {
        refresh: () => Promise.resolve(this.file),
        refreshRules: () =>
          Promise.resolve({
            file: this.file ?? classFile(),
            content: classContent(),
            endpoint: this.endpoint,
            detour: null,
            ...this.rules
          })
      }
    }).check('x.ipynb', python);
  }

  accept(content: Parameters<typeof classContent>[0], tasks = 0): void {
    this.file = classFile({
      state: 'accepted',
      content: classContent(content),
      tasks
    });
    this.rules = { content: classContent(content) };
  }

  async states(python?: string | null): Promise<string[]> {
    const found = await this.check(python);
    return found.map(({ about, state }) => `${about} ${state}`);
  }
}

describe('readiness', () => {
  it('without a class file is that of the endpoint', async () => {
    const house = new House();
    expect(await house.states()).toEqual(['endpoint ok']);
    house.endpoint = { ...MIDWAY, status: 'offline' };
    const [offline] = await house.check();
    expect(offline).toMatchObject({ state: 'problem' });
    expect(offline.advice).toContain('choose "This computer"');
    house.endpoint = null;
    expect(await house.states()).toEqual(['endpoint problem']);
    expect(house.asked).toBe(0);
  });

  it('needs the server side', async () => {
    const house = new House();
    house.services = new ServerConnection.NetworkError(new TypeError('gone'));
    expect(await house.check()).toEqual([
      { about: 'server', state: 'problem', text: 'gone', advice: '' }
    ]);
  });

  it.each(['new', 'changed', 'invalid'] as const)(
    'asks nothing that a class file names while it is %s',
    async state => {
      const house = new House();
      house.file = classFile({ state });
      expect(await house.states()).toEqual(['class problem', 'endpoint ok']);
      expect(house.asked).toBe(0);
    }
  );

  it('tells all that is right', async () => {
    const house = new House();
    house.accept(
      { group: { id: GROUP }, python: '3.10', limits: { tasks: 5 } },
      4
    );
    house.account = ADA;
    house.groups = [{ id: GROUP.toUpperCase(), name: 'Astro', role: 'member' }];
    expect(await house.states()).toEqual([
      'class ok',
      'account ok',
      'group ok',
      'endpoint ok',
      'tasks ok',
      'python ok'
    ]);
  });

  it('tells all that is wrong, and what to do', async () => {
    const house = new House();
    house.accept(
      {
        group: { id: GROUP, name: 'Astro' },
        python: '3.13',
        limits: { tasks: 5 },
        contact: 'ada@university.example'
      },
      5
    );
    house.rules = {
      ...house.rules,
      detour: 'Runs on this computer: sign in first'
    };
    house.account = ADA;
    house.groups = [];
    const found = await house.check('3.9.2');
    expect(found.map(({ state }) => state)).toEqual([
      'ok',
      'ok',
      'problem',
      'problem',
      'problem',
      'problem'
    ]);
    expect(found.every(({ state, advice }) => state === 'ok' || advice)).toBe(
      true
    );
    expect(found[2].advice).toBe('Ask to be added: ada@university.example.');
  });

  it('says what it cannot tell', async () => {
    const house = new House();
    house.accept({ group: { id: GROUP }, python: '3.10' });
    house.endpoint = { ...MIDWAY, status: 'unknown' };
    house.account = ADA;
    house.groups = new Error('consent is needed');
    expect(await house.states(null)).toEqual([
      'class ok',
      'account ok',
      'group unknown',
      'endpoint unknown',
      'python unknown'
    ]);
    expect((await house.check())[2].text).toContain('consent is needed');
  });

  it.each([
    ['signed-out', 'account problem'],
    ['problem', 'account problem'],
    ['not-needed', 'account ok']
  ] as const)('tells of an account that is %s', async (state, finding) => {
    const house = new House();
    house.accept({ group: { id: GROUP } });
    house.account = makeAccount({ state });
    expect(await house.states()).toEqual(['class ok', finding, 'endpoint ok']);
  });

  it('misses a service', async () => {
    const house = new House();
    house.accept({ service: 'lab' });
    expect(await house.states()).toContain('service problem');
  });
});
