import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the clone. */
export const root = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../..'
);

/** Whether this is Windows, whose virtual environments are laid out apart. */
export const isWindows = process.platform === 'win32';

/**
 * @param {...string} parts
 * @returns {string} a path below the root of the clone
 */
export function inRoot(...parts) {
  return path.join(root, ...parts);
}

/** The virtual environment that holds every Python package of the project. */
export const venv = inRoot('.venv');

/** Where the commands of the virtual environment are. */
export const venvBin = path.join(venv, isWindows ? 'Scripts' : 'bin');

/**
 * @param {string} name - a command's name, without any suffix
 * @returns {string} the command's path in the virtual environment
 */
export function venvCommand(name) {
  return path.join(venvBin, isWindows ? `${name}.exe` : name);
}

/**
 * The part of an npm package's manifest that names its commands.
 *
 * @typedef {object} IManifest
 * @property {string | Record<string, string>} bin
 */

/**
 * The file behind a command of an installed npm package, to be run with this
 * Node: the shims in `node_modules/.bin` need a shell on Windows.
 *
 * @param {string} packageName - for example `eslint`
 * @param {string} command - the command's name, where it is not the package's
 * @returns {string} the path of its JavaScript file
 */
export function npmCommand(packageName, command = packageName) {
  const folder = inRoot('node_modules', packageName);
  const manifest = path.join(folder, 'package.json');
  if (!existsSync(manifest)) {
    throw new Error(
      `The npm package ${packageName} is not installed: run "npm ci".`
    );
  }
  /** @type {unknown} */
  const parsed = JSON.parse(readFileSync(manifest, 'utf8'));
  const { bin } = /** @type {IManifest} */ (parsed);
  const file = typeof bin === 'string' ? bin : bin[command];
  return realpathSync(path.join(folder, file));
}
