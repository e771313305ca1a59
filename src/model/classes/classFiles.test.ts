// @vitest-environment node
import { describe, expect, it, vi } from 'vitest';

import type { IClassFile, IEndpointInfo } from '../../tokens';
import type { IService } from '../services';
import { ADA, makeAccount } from '../testing/fakeAccounts';
import { classContent, classFile } from '../testing/fakeClassFiles';
import { ClassFiles, folderOf } from './classFiles';

const HERE: IEndpointInfo = {
  id: 'here',
  name: 'This computer',
  registeredName: 'this-computer',
  service: 'local',
  status: 'online'
};
const MIDWAY: IEndpointInfo = {
  ...HERE,
  id: '11111111-1111-4111-8111-111111111111',
  name: 'Midway',
  service: 'cloud'
};

/** What the files see of the rest of the house; notes what they ask for. */
class House {
  file: IClassFile | null = classFile();
  services = ['local', 'cloud'];
  reached: IEndpointInfo | Error = MIDWAY;
  account = ADA;
  readonly asked: string[] = [];

  readonly files = new ClassFiles(
    {
      request: (method, path, body) => {
        this.asked.push(`${method} ${path} ${JSON.stringify(body ?? null)}`);
        return Promise.resolve({ file: this.file, problems: ['id: no'] });
      }
    },
    {
      services: {
        all: () => {
          this.asked.push('services');
          return Promise.resolve(
            this.services.map(
              name =>
                ({
                  profile: {
                    name,
                    label: name === 'cloud' ? 'Globus Compute' : name,
                    kind: name,
                    needsAccount: name === 'cloud'
                  }
                }) as unknown as IService
            )
          );
        }
      },
      accounts: {
        ready: () => Promise.resolve(),
        find: () => this.account
      },
      endpoints: {
        items: [HERE],
        refresh: () => Promise.reject(new Error('Unexpected call.')),
        reach: (id, service) => {
          this.asked.push(`reach ${id} ${service}`);
          return this.reached instanceof Error
            ? Promise.reject(this.reached)
            : Promise.resolve(this.reached);
        }
      }
    }
  );
}

describe('class files', () => {
  it('are read by the folder of the notebook, and nothing else is asked', async () => {
    const house = new House();
    expect(house.files.get('a b/x.ipynb')).toBeUndefined();
    expect(await house.files.refreshRules('a b/x.ipynb')).toBeNull();
    expect(house.asked).toEqual(['GET class-file?folder=a+b null']);
    expect(house.files.get('a b/y.ipynb')).toEqual(classFile());
    expect(house.files.rules('a b/x.ipynb')).toBeNull();
  });

  it.each(['new', 'changed', 'invalid'] as const)(
    'set nothing while they are %s',
    async state => {
      const house = new House();
      house.file = classFile({ state });
      expect(await house.files.refreshRules('x.ipynb')).toBeNull();
      expect(house.asked).toHaveLength(1);
    }
  );

  it('say where cells run once they are accepted', async () => {
    const house = new House();
    await house.files.refresh('x.ipynb');
    house.file = classFile({ state: 'accepted' });
    await house.files.accept('x.ipynb', classFile());
    expect(house.asked).toEqual([
      'GET class-file?folder= null',
      `POST class-file/acceptance {"folder":"","hash":"${'a'.repeat(64)}"}`,
      'GET class-file?folder= null',
      'services',
      `reach ${MIDWAY.id} cloud`
    ]);
    const rules = house.files.rules('x.ipynb');
    expect(rules?.endpoint).toBe(MIDWAY);
    expect(rules?.detour).toBeNull();
    // Another text of the file ends it, and without a word to any service.
    house.asked.length = 0;
    house.file = classFile({ state: 'changed', hash: 'b'.repeat(64) });
    await house.files.refresh('x.ipynb');
    expect(house.files.rules('x.ipynb')).toBeNull();
    expect(house.asked).toEqual(['GET class-file?folder= null']);
  });

  it('fall back on this computer, and say why', async () => {
    const house = new House();
    house.file = classFile({ state: 'accepted' });
    house.reached = new Error('sign in first');
    const rules = await house.files.refreshRules('x.ipynb');
    expect(rules?.endpoint).toBe(HERE);
    expect(rules?.detour).toBe(
      'Runs on this computer and not where the class file says (Globus Compute): sign in first'
    );
    house.asked.length = 0;
    house.account = makeAccount();
    expect((await house.files.refreshRules('x.ipynb'))?.detour).toMatch(
      /\(Globus Compute\): you are not signed in$/
    );
    expect(house.asked.join()).not.toContain('reach');
    house.services = ['local'];
    expect((await house.files.refreshRules('x.ipynb'))?.detour).toMatch(
      /no compute service "cloud"/
    );
    house.file = classFile({
      state: 'accepted',
      content: classContent({ service: 'local', endpoint: undefined })
    });
    const here = await house.files.refreshRules('x.ipynb');
    expect([here?.endpoint, here?.detour]).toEqual([HERE, null]);
  });

  it('tell of what changed, and of what was put off', async () => {
    const house = new House();
    const told: string[] = [];
    house.files.changed.connect((_, folder) => told.push(folder));
    await house.files.refresh('d/x.ipynb');
    await house.files.refresh('d/x.ipynb');
    expect(told).toEqual(['d']);
    house.files.postpone('d/x.ipynb', classFile());
    expect(told).toEqual(['d', 'd']);
    expect(house.files.isPostponed(classFile())).toBe(true);
    expect(house.files.isPostponed(classFile({ hash: 'c' }))).toBe(false);
    expect(await house.files.check({})).toEqual(['id: no']);
  });
});

it.each([
  ['x.ipynb', ''],
  ['a/b/x.ipynb', 'a/b'],
  ['RTC:a/x.ipynb', 'a'],
  ['s3:a/x.ipynb', null]
])('looks for the folder of %j in %j', (path, folder) => {
  expect(folderOf(path)).toBe(folder);
});

describe('the rules for a run', () => {
  it('are not asked for where there was no class file a moment ago', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const house = new House();
      house.file = null;
      expect(await house.files.rulesForRun('a/b.ipynb')).toBeNull();
      house.file = classFile({ state: 'accepted' });
      expect(await house.files.rulesForRun('a/b.ipynb')).toBeNull();
      expect(house.asked).toHaveLength(1);
      expect(await house.files.rulesForRun('c/b.ipynb')).not.toBeNull();
      vi.setSystemTime(Date.now() + 6000);
      expect(await house.files.rulesForRun('a/b.ipynb')).not.toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });

  it('are known at once when a person has made a class file', async () => {
    const house = new House();
    house.file = null;
    await house.files.rulesForRun('a/b.ipynb');
    house.file = classFile({ state: 'accepted' });
    await house.files.refreshRules('a/b.ipynb');
    expect(await house.files.rulesForRun('a/b.ipynb')).not.toBeNull();
  });
});
