// @vitest-environment node
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { bundleFolder, releaseProblems, staleAssets } from './release.mjs';

describe('what keeps a tree from being released', () => {
  /** @type {string} */
  let folder;

  /**
   * @param {string} name
   * @param {unknown} content - text, else written as JSON
   */
  const write = (name, content) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    const text =
      typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(file, text);
  };

  /** @param {string[]} args */
  const git = (...args) => {
    const who = ['-c', 'user.name=T', '-c', 'user.email=t@example.org'];
    execFileSync('git', ['-C', folder, ...who, ...args], { stdio: 'pipe' });
  };

  const commit = () => {
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Change');
  };

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'release-'));
    git('init', '--quiet');
    write('package.json', { version: '1.2.0' });
    write('package-lock.json', {
      version: '1.2.0',
      packages: {
        '': { version: '1.2.0' },
        'node_modules/a': { version: '3.0.0', funding: 'https://example.org' }
      }
    });
    write('requirements-dev.lock', '# see https://example.org\na==1.0\n');
    write('CHANGELOG.md', '# Changes\n\n## 1.2.0 - 2026-01-31\n\n- More.\n');
    write('.gitignore', `${bundleFolder}/\n`);
    write(`${bundleFolder}/package.json`, { version: '1.2.0' });
    commit();
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** @returns {Promise<string>} the one problem there is */
  const problem = async () => {
    const problems = await releaseProblems(folder);
    expect(problems).toHaveLength(1);
    return problems[0];
  };

  it('is nothing where all is well', async () => {
    await expect(releaseProblems(folder)).resolves.toEqual([]);
  });

  it('is a change that is not committed', async () => {
    write('new.ts', '');
    expect(await problem()).toContain('not committed (new.ts)');
  });

  it('is a folder that is no repository', async () => {
    rmSync(path.join(folder, '.git'), { recursive: true });
    expect(await problem()).toContain('not a git repository');
  });

  it.each([
    [
      'package-lock.json',
      { version: '1.1.0', packages: { '': { version: '1.2.0' } } }
    ],
    [
      'package-lock.json (packages)',
      { version: '1.2.0', packages: { '': { version: '1.1.0' } } }
    ],
    [`${bundleFolder}/package.json`, { version: '1.1.0' }]
  ])('is another version in %s', async (place, content) => {
    write(place.replace(' (packages)', ''), content);
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', 'Change');
    expect(await problem()).toContain(
      `The version is 1.2.0 in package.json and 1.1.0 in ${place}`
    );
  });

  it.each([
    '## Unreleased\n\n- More.\n',
    '## 1.2.0\n\n- Without a date.\n',
    '## 1.2.0 - 2026-01-31\n\nNothing.\n\n## 1.1.0 - 2025-01-31\n\n- Old.\n',
    '## 1.2.0 - soon\n\n- More.\n'
  ])('is a changelog without an entry for the version: %j', async text => {
    write('CHANGELOG.md', `# Changes\n\n${text}`);
    commit();
    expect(await problem()).toContain('CHANGELOG.md has no entry for 1.2.0');
  });

  it('is a host in the lock of npm', async () => {
    const a = { version: '3.0.0', resolved: 'https://npm.example.org/a.tgz' };
    write('package-lock.json', {
      version: '1.2.0',
      packages: { '': { version: '1.2.0' }, 'node_modules/a': a }
    });
    commit();
    expect(await problem()).toContain('names a host (node_modules/a)');
  });

  it.each(['--index-url https://pip.example.org', 'a @ https://example.org/a'])(
    'is a host in the lock of Python: %s',
    async line => {
      write('requirements-dev.lock', `b==1.0\n${line}\n`);
      commit();
      expect(await problem()).toContain(`names a host (${line})`);
    }
  );

  describe('stale assets', () => {
    /** @returns {string[]} */
    const stale = () =>
      staleAssets(path.join(folder, 'bundle'), path.join(folder, 'fresh'));

    beforeEach(() => {
      for (const bundle of ['bundle', 'fresh']) {
        write(`${bundle}/package.json`, { version: '1.2.0' });
        write(`${bundle}/static/main.js`, 'new');
      }
    });

    it('are none where the bundle is the one of the sources', () => {
      expect(stale()).toEqual([]);
    });

    it('are none where nothing is built', () => {
      rmSync(path.join(folder, 'bundle'), { recursive: true });
      expect(stale()).toEqual([]);
    });

    it('are a file with other contents', () => {
      write('bundle/static/main.js', 'old');
      expect(stale()[0]).toContain('static/main.js differs');
    });

    it('are a file that is left over', () => {
      write('bundle/static/old.js', 'old');
      expect(stale()[0]).toContain('static/old.js differs');
    });

    it('are a file that is missing', () => {
      write('fresh/static/more.js', 'new');
      expect(stale()[0]).toContain('static/more.js differs');
    });
  });
});
