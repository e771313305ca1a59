import { existsSync } from 'node:fs';

import { Failure } from './failure.mjs';
import { inRoot, npmCommand, venvCommand } from './paths.mjs';
import { run } from './process.mjs';

/**
 * @typedef {object} ICheck
 * @property {string} name
 * @property {() => Promise<import('./process.mjs').IRunResult>} run
 */

/**
 * What a change must pass without being run, quickest reasons to fail first.
 *
 * @param {object} [options]
 * @param {boolean} [options.updateApi] - write the SDK's API report anew
 *   instead of comparing with it
 * @param {boolean} [options.useCaches] - look only at files that changed since
 *   they passed. Rules that know types may then miss what a change elsewhere
 *   has broken: for a person who waits, not for the last word.
 * @returns {ICheck[]}
 */
export function checks({ updateApi = false, useCaches = false } = {}) {
  const cache = useCaches ? ['--cache', '--cache-strategy', 'content'] : [];
  return [
    node('types of the sources', 'typescript', 'tsc', ['--build']),
    node('types of tests and scripts', 'typescript', 'tsc', [
      '--project',
      'tsconfig.test.json'
    ]),
    node('lint (eslint)', 'eslint', 'eslint', [
      '.',
      '--max-warnings',
      '0',
      ...cache
    ]),
    python('types of Python (mypy)', 'mypy', []),
    node('format (prettier)', 'prettier', 'prettier', [
      '--check',
      '--log-level',
      'warn',
      ...cache,
      '.'
    ]),
    node('styles (stylelint)', 'stylelint', 'stylelint', [
      '--max-warnings',
      '0',
      'style/**/*.css'
    ]),
    node(
      'import rules (dependency-cruiser)',
      'dependency-cruiser',
      'depcruise',
      ['--config', '.dependency-cruiser.cjs', 'src']
    ),
    node('dead code (knip)', 'knip', 'knip', ['--no-progress']),
    node(
      'API report of the SDK (api-extractor)',
      '@microsoft/api-extractor',
      'api-extractor',
      ['run', ...(updateApi ? ['--local'] : [])]
    ),
    node('docs of the SDK (typedoc)', 'typedoc', 'typedoc', ['--emit', 'none']),
    { name: 'reference in the docs', run: checkedReference },
    python('lint of Python (ruff)', 'ruff', [
      'check',
      '--output-format',
      'concise',
      '.'
    ]),
    python('format of Python (ruff)', 'ruff', ['format', '--check', '.']),
    python('import rules of Python (import-linter)', 'lint-imports', []),
    ...authorization()
  ];
}

/**
 * @returns {Promise<import('./process.mjs').IRunResult>} whether the pages of
 *   the reference are as the sources declare it
 */
async function checkedReference() {
  try {
    // In a fresh clone what it is made of is not installed when this is read.
    const { checkReference } = await import('./reference/pages.mjs');
    await checkReference();
    return { code: 0, output: '' };
  } catch (error) {
    if (!(error instanceof Failure)) {
      throw error;
    }
    return { code: 1, output: `${error.output}\n${error.message}` };
  }
}

/** The test that walks every handler's verbs. */
const authorizationTest =
  'jupyterlab_globus_compute/tests/gateway/test_authorization.py';

/**
 * @returns {ICheck[]}
 */
function authorization() {
  return existsSync(inRoot(authorizationTest))
    ? [python("the handlers' authorisation", 'pytest', [authorizationTest])]
    : [];
}

/**
 * @param {string} name
 * @param {string} packageName
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {ICheck} one that runs a command of an npm package
 */
function node(name, packageName, command, args) {
  return {
    name,
    run: () =>
      run(process.execPath, [npmCommand(packageName, command), ...args])
  };
}

/**
 * @param {string} name
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {ICheck} one that runs a command of the virtual environment
 */
function python(name, command, args) {
  return { name, run: () => run(venvCommand(command), args) };
}
