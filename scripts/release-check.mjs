/**
 * Whether what is committed can be released. Builds the sdist and the wheel
 * from a clean clone of it, looks inside both, and leaves them in `dist`.
 */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Failure, runMain } from './lib/failure.mjs';
import { inRoot, root, venvBin, venvCommand } from './lib/paths.mjs';
import { run, runNpm } from './lib/process.mjs';
import {
  bundleFolder,
  releaseProblems,
  staleAssets,
  versionOf
} from './lib/release.mjs';
import { secondsSince } from './lib/steps.mjs';

/**
 * @param {string} title
 * @param {Promise<import('./lib/process.mjs').IRunResult>} running
 */
async function step(title, running) {
  const startedMs = Date.now();
  const { code, output } = await running;
  if (code !== 0) {
    throw new Failure(`${title}: failed, see above.`, output);
  }
  console.log(`${title}: done (${secondsSince(startedMs)})`);
}

/**
 * Build the sdist from a clean clone of what is committed, and the wheel from
 * the sdist.
 *
 * @param {string} clone - the folder to make the clone in
 * @param {string} dist - the folder to put both in
 */
async function buildFromClone(clone, dist) {
  const python = venvCommand('python');
  await step('Clone', run('git', ['clone', '--quiet', root, clone]));
  await step('npm packages', runNpm(['ci', '--no-progress'], clone));
  const build = ['build', '--target', 'sdist', '--directory', dist];
  await step(
    'Source distribution',
    run(python, ['-m', 'hatchling', ...build], {
      cwd: clone,
      env: { PATH: `${venvBin}${path.delimiter}${process.env.PATH ?? ''}` }
    })
  );
  const [sdist] = await readdir(dist);
  const wheel = ['wheel', '--no-deps', '--wheel-dir', dist];
  await step(
    'Wheel',
    run(python, ['-m', 'pip', ...wheel, path.join(dist, sdist)], { cwd: dist })
  );
}

/**
 * @returns {Promise<number>} the exit code
 * @throws Failure where it cannot be released, with what to do
 */
async function check() {
  if (!existsSync(venvCommand('python'))) {
    throw new Failure('Nothing is installed yet: run "npm run setup" first.');
  }
  const problems = await releaseProblems(root);
  if (problems.length > 0) {
    throw new Failure(problems.join('\n'));
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'globus-compute-release-'));
  try {
    const clone = path.join(folder, 'clone');
    const dist = path.join(folder, 'dist');
    await buildFromClone(clone, dist);
    const fresh = path.join(clone, bundleFolder);
    const stale = staleAssets(inRoot(bundleFolder), fresh);
    if (stale.length > 0) {
      throw new Failure(stale.join('\n'));
    }
    await step(
      'Contents',
      run(
        venvCommand('pytest'),
        ['-q', 'package_tests/test_distributions.py'],
        { env: { GLOBUS_COMPUTE_DIST: dist } }
      )
    );
    await rm(inRoot('dist'), { recursive: true, force: true });
    await cp(dist, inRoot('dist'), { recursive: true });
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  const files = (await readdir(inRoot('dist'))).map(file => `dist/${file}`);
  console.log(`${versionOf(root)} can be released: ${files.join(', ')}`);
  return 0;
}

await runMain(check);
