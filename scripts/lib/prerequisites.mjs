import { Failure } from './failure.mjs';
import { isWindows } from './paths.mjs';
import { run, runNpm } from './process.mjs';

/** The oldest Node.js that every tool in package-lock.json runs on. */
const oldestNode = [20, 19];

/** The oldest Python the server extension runs on. */
const oldestPython = [3, 10];

/** Prints the version, or fails where a virtual environment cannot be made. */
const probe =
  'import ensurepip, sys, venv; print("%d.%d.%d" % sys.version_info[:3])';

/**
 * @typedef {object} IPython
 * @property {string} command
 * @property {readonly string[]} args - come before all others
 * @property {string} version - for example `3.11.7`
 */

/**
 * @throws Failure where this Node.js is too old
 */
export function requireNode() {
  if (isOlder(process.versions.node, oldestNode)) {
    throw new Failure(
      `Node.js ${oldestNode.join('.')} or newer is needed, this is ` +
        `${process.versions.node}: install a newer one from https://nodejs.org ` +
        'and try again.'
    );
  }
}

/**
 * @throws Failure where npm is missing
 */
export async function requireNpm() {
  const { code } = await runNpm(['--version']);
  if (code !== 0) {
    throw new Failure(
      'npm is missing: install it (it comes with Node.js from ' +
        'https://nodejs.org; Debian and Ubuntu: apt-get install npm) and try ' +
        'again.'
    );
  }
}

/**
 * @returns {Promise<IPython>} the first Python on this computer that will do
 * @throws Failure where there is none
 */
export async function requirePython() {
  const wanted = oldestPython.join('.');
  const chosen = process.env.PYTHON;
  const candidates = chosen ? [[chosen]] : usualPythons();
  /** @type {string[]} */
  const tooOld = [];
  let lacksVenv = false;
  for (const [command = '', ...args] of candidates) {
    const { code, output } = await run(command, [...args, '-c', probe]);
    const version = /^(\d+\.\d+\.\d+)\s*$/m.exec(output)?.[1];
    if (code !== 0 || version === undefined) {
      lacksVenv ||= /No module named '?(ensurepip|venv)/.test(output);
    } else if (isOlder(version, oldestPython)) {
      tooOld.push(version);
    } else {
      return { command, args, version };
    }
  }
  if (lacksVenv) {
    throw new Failure(
      "Python's venv module is missing: install it (Debian and Ubuntu: " +
        'apt-get install python3-venv) and try again.'
    );
  }
  const found = chosen
    ? `PYTHON=${chosen} is not one`
    : tooOld.length > 0
      ? `found only ${tooOld.join(', ')}`
      : 'none was found';
  throw new Failure(
    `Python ${wanted} or newer is needed, ${found}: install one from ` +
      'https://www.python.org or your package manager, or set PYTHON to its ' +
      'path, and try again.'
  );
}

/**
 * @returns {string[][]} commands that usually start a Python
 */
function usualPythons() {
  const versioned = ['3.13', '3.12', '3.11', '3.10'].map(v => [`python${v}`]);
  return isWindows
    ? [['py', '-3'], ['python'], ['python3']]
    : [['python3'], ['python'], ...versioned];
}

/**
 * @param {string} version - for example `3.11.7`
 * @param {readonly number[]} oldest - for example `[3, 10]`
 * @returns {boolean}
 */
function isOlder(version, oldest) {
  const parts = version.split('.').map(Number);
  for (const [index, wanted] of oldest.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) {
      return part < wanted;
    }
  }
  return false;
}
