import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { requireBrowser } from './browser.mjs';
import { checks } from './checks.mjs';
import { freePort } from './network.mjs';
import { inRoot, npmCommand, venvCommand } from './paths.mjs';
import { run } from './process.mjs';
import { runChecks } from './run-checks.mjs';
import { readTally } from './tally.mjs';

/**
 * @typedef {import('./tally.mjs').ITally} ITally
 */

/** Most tests wait for processes of their own, so a few go side by side. */
const pytestProcesses = 3;

/** Each has a JupyterLab of its own. */
const browserWorkers = 2;

/** What the tests of a file share, such as a running service, is made once. */
const byFile = ['--dist', 'loadfile'];

/**
 * @typedef {object} ISuite
 * @property {string} title
 * @property {() => Promise<ITally>} run
 */

/**
 * Every suite, in the order in which a mistake is cheapest to find.
 *
 * @param {object} options
 * @param {boolean} options.long - run the long suites too
 * @param {boolean} options.isBuilt - whether the front end is built
 * @returns {ISuite[]}
 */
export function suites({ long, isBuilt }) {
  const env = { GLOBUS_COMPUTE_LONG_TESTS: long ? '1' : '0' };
  return [
    { title: 'Checks', run: runAllChecks },
    { title: 'Unit tests (vitest)', run: () => runVitest(env) },
    { title: 'Python tests (pytest)', run: () => runPytest(long, env) },
    {
      title: 'Browser tests (Playwright)',
      run: () => (isBuilt ? runPlaywright(env) : refuseUnbuilt())
    },
    {
      title: 'Package (wheel, JupyterLab and Notebook 7)',
      run: () => (isBuilt ? runPackageTests(long, env) : refuseUnbuilt())
    }
  ];
}

/**
 * @returns {Promise<ITally>} each check counts as a test
 */
async function runAllChecks() {
  const outcomes = await runChecks(checks());
  const passed = outcomes.filter(outcome => outcome.passed).length;
  return { passed, failed: outcomes.length - passed, skipped: [] };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<ITally>}
 */
function runVitest(env) {
  return runCounted('vitest', env, process.execPath, [
    npmCommand('vitest'),
    'run',
    '--reporter=default',
    '--reporter=./scripts/reporters/vitest-tally.mjs'
  ]);
}

/**
 * @param {boolean} long
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<ITally>}
 */
function runPytest(long, env) {
  return runCounted(
    'pytest',
    { ...env, PYTHONPATH: inRoot('scripts/reporters') },
    venvCommand('python'),
    [
      '-m',
      'pytest',
      '-p',
      'pytest_tally',
      // Long suites load the machine by themselves. An empty marker
      // expression takes back the one of pyproject.toml.
      ...(long ? ['-m', ''] : ['-n', String(pytestProcesses), ...byFile])
    ]
  );
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<ITally>}
 */
async function runPlaywright(env) {
  const browser = await requireBrowser();
  const ports = [];
  while (ports.length < browserWorkers) {
    ports.push(await freePort(0));
  }
  const home = await mkdtemp(path.join(tmpdir(), 'globus-compute-ui-tests-'));
  try {
    return await runCounted(
      'playwright',
      {
        ...env,
        CHROMIUM_PATH: browser,
        GLOBUS_COMPUTE_UI_TEST_HOME: home,
        GLOBUS_COMPUTE_UI_TEST_PORT: ports.join(',')
      },
      process.execPath,
      [
        npmCommand('@playwright/test', 'playwright'),
        'test',
        '--config',
        'ui-tests/playwright.config.ts'
      ]
    );
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * @param {boolean} long
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<ITally>}
 */
async function runPackageTests(long, env) {
  return runCounted(
    'package',
    {
      ...env,
      CHROMIUM_PATH: await requireBrowser(),
      PYTHONPATH: inRoot('scripts/reporters')
    },
    venvCommand('python'),
    [
      '-m',
      'pytest',
      '-p',
      'pytest_tally',
      // A test may have to wait for a whole environment to be installed.
      '--timeout=600',
      'package_tests',
      ...(long ? ['-m', ''] : [])
    ]
  );
}

/**
 * @returns {Promise<ITally>}
 */
function refuseUnbuilt() {
  console.log('Not run: the front end does not build, see the checks.');
  return Promise.resolve({ passed: 0, failed: 1, skipped: [] });
}

/**
 * @param {string} name - of the tally's file
 * @param {NodeJS.ProcessEnv} env
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<ITally>}
 */
async function runCounted(name, env, command, args) {
  const file = inRoot('test-results', `${name}-tally.json`);
  await mkdir(path.dirname(file), { recursive: true });
  await rm(file, { force: true });
  const { code } = await run(command, args, {
    env: { ...env, TALLY_FILE: file },
    live: true
  });
  return readTally(file, code);
}
