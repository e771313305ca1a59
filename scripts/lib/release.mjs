import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { run } from './process.mjs';

/** Where the built front end lies in a tree. */
export const bundleFolder = 'jupyterlab_globus_compute/labextension';

/**
 * What keeps a tree from being released, as far as it can be told without
 * building it.
 *
 * @param {string} folder - the root of the tree
 * @returns {Promise<string[]>} what is wrong and what to do, a sentence each;
 *   none where all is well
 */
export async function releaseProblems(folder) {
  return [
    ...(await uncommitted(folder)),
    ...versions(folder),
    ...changelog(folder),
    ...hostNames(folder)
  ];
}

/**
 * Compare the built front end of a tree with one that was made of the same
 * sources just now.
 *
 * @param {string} folder - the bundle of the tree
 * @param {string} fresh - the bundle that was made anew
 * @returns {string[]} as of {@link releaseProblems}; none where the tree has
 *   no bundle
 */
export function staleAssets(folder, fresh) {
  if (!existsSync(folder)) {
    return [];
  }
  const names = new Set([...filesBelow(folder), ...filesBelow(fresh)]);
  const different = [...names].filter(
    name => !isSame(path.join(folder, name), path.join(fresh, name))
  );
  return different.length === 0
    ? []
    : [
        `${bundleFolder} was not built of these sources (${different[0]} ` +
          'differs): a wheel made here would hold an old front end. Run ' +
          '"npm run setup", and try again.'
      ];
}

/**
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
async function uncommitted(folder) {
  const { code, output } = await run('git', [
    '-C',
    folder,
    'status',
    '--porcelain'
  ]);
  if (code !== 0) {
    return [`${folder} is not a git repository: release from a clone.`];
  }
  const files = output.split('\n').filter(Boolean);
  return files.length === 0
    ? []
    : [
        `The tree has changes that are not committed (${files[0].slice(3)}): ` +
          'commit or stash them, and try again.'
      ];
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function versions(folder) {
  const version = versionOf(folder);
  const lock = readJson(path.join(folder, 'package-lock.json'));
  const others = {
    'package-lock.json': lock.version,
    'package-lock.json (packages)': lock.packages?.['']?.version
  };
  const bundle = path.join(folder, bundleFolder, 'package.json');
  if (existsSync(bundle)) {
    Object.assign(others, {
      [`${bundleFolder}/package.json`]: readJson(bundle).version
    });
  }
  return Object.entries(others)
    .filter(([, other]) => other !== version)
    .map(
      ([file, other]) =>
        `The version is ${version} in package.json and ${other} in ${file}: ` +
        'set it with "npm version", run "npm run setup", and try again.'
    );
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function changelog(folder) {
  const version = versionOf(folder);
  const text = readFileSync(path.join(folder, 'CHANGELOG.md'), 'utf8');
  const sections = text.split(/^## /m).slice(1);
  const entry = sections.find(section => section.startsWith(`${version} - `));
  const [heading, ...body] = entry?.split('\n') ?? [''];
  const isDated = / - \d{4}-\d{2}-\d{2}$/.test(heading.trim());
  return isDated && body.some(line => line.startsWith('- '))
    ? []
    : [
        `CHANGELOG.md has no entry for ${version}: give what is under ` +
          `Unreleased the heading "## ${version} - YYYY-MM-DD", and try again.`
      ];
}

/**
 * Whoever installs from the lock files must reach their own package index,
 * not that of the person who made them.
 *
 * @param {string} folder
 * @returns {string[]}
 */
function hostNames(folder) {
  const { packages = {} } = readJson(path.join(folder, 'package-lock.json'));
  const resolved = Object.entries(packages).find(([, { resolved }]) =>
    resolved?.includes('://')
  );
  const python = readFileSync(
    path.join(folder, 'requirements-dev.lock'),
    'utf8'
  )
    .split('\n')
    .find(line => !line.startsWith('#') && /:\/\/|^\s*-/.test(line));
  const found = {
    'package-lock.json': resolved?.[0],
    'requirements-dev.lock': python
  };
  return Object.entries(found)
    .filter(([, where]) => where !== undefined)
    .map(
      ([file, where]) =>
        `${file} names a host (${where}): make it anew as CONTRIBUTING.md ` +
        'says, and try again.'
    );
}

/**
 * @param {string} folder
 * @returns {string} the version of the tree
 */
export function versionOf(folder) {
  return readJson(path.join(folder, 'package.json')).version ?? '';
}

/**
 * What is read of package.json and package-lock.json.
 *
 * @typedef {object} IManifest
 * @property {string} [version]
 * @property {Record<string, { version?: string, resolved?: string }>} [packages]
 */

/**
 * @param {string} file
 * @returns {IManifest}
 */
function readJson(file) {
  /** @type {unknown} */
  const parsed = JSON.parse(readFileSync(file, 'utf8'));
  return /** @type {IManifest} */ (parsed);
}

/**
 * @param {string} folder
 * @returns {string[]} the paths of its files, relative to it
 */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry =>
      path.relative(folder, path.join(entry.parentPath, entry.name))
    );
}

/**
 * @param {string} one
 * @param {string} other
 * @returns {boolean} whether both are there and have the same contents
 */
function isSame(one, other) {
  return (
    existsSync(one) &&
    existsSync(other) &&
    readFileSync(one).equals(readFileSync(other))
  );
}
