import { existsSync } from 'node:fs';
import path from 'node:path';

import { Failure } from './failure.mjs';
import { isWindows } from './paths.mjs';
import { run } from './process.mjs';

/** What Chromium and its kin are called on the PATH. */
const commands = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge'
];

/**
 * @typedef {object} IPackageManager
 * @property {string} command
 * @property {boolean} needsRoot
 * @property {string[]} [refresh] - run first, where its lists may be missing
 * @property {string[]} install - how it installs Chromium
 */

/** @type {readonly IPackageManager[]} */
const packageManagers = [
  {
    command: 'apt-get',
    needsRoot: true,
    refresh: ['update'],
    install: ['install', '--yes', '--no-install-recommends', 'chromium']
  },
  {
    command: 'dnf',
    needsRoot: true,
    install: ['install', '--assumeyes', 'chromium']
  },
  {
    command: 'pacman',
    needsRoot: true,
    install: ['--sync', '--noconfirm', 'chromium']
  },
  { command: 'apk', needsRoot: true, install: ['add', 'chromium'] },
  {
    command: 'brew',
    needsRoot: false,
    install: ['install', '--cask', 'chromium']
  }
];

/**
 * @returns {Promise<string>} the path of a Chromium that starts; installed with
 *   the system's package manager where there is none
 * @throws Failure where that is not possible
 */
export async function requireBrowser() {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) {
    if (await starts(chosen)) {
      return chosen;
    }
    throw new Failure(
      `CHROMIUM_PATH=${chosen} does not start: set it to the path of a ` +
        'Chromium or Chrome, or unset it, and try again.'
    );
  }
  const found = (await findBrowser()) ?? (await installBrowser());
  if (found === null) {
    throw new Failure(
      'The browser tests need Chromium and it could not be installed: install ' +
        'Chromium or Chrome, or set CHROMIUM_PATH to its path, and try again.'
    );
  }
  return found;
}

/**
 * @returns {Promise<string | null>} the first browser that starts
 */
async function findBrowser() {
  for (const candidate of candidates()) {
    if (existsSync(candidate) && (await starts(candidate))) {
      return candidate;
    }
  }
  return null;
}

/**
 * @returns {string[]} paths where a browser usually is
 */
function candidates() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const onPath = commands.flatMap(name =>
    folders.map(folder => path.join(folder, isWindows ? `${name}.exe` : name))
  );
  const programs = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map(name => process.env[name])
    .filter(folder => folder !== undefined);
  return [
    ...onPath,
    ...['Chromium', 'Google Chrome', 'Microsoft Edge'].map(
      name => `/Applications/${name}.app/Contents/MacOS/${name}`
    ),
    ...programs.flatMap(folder => [
      path.join(folder, 'Chromium/Application/chrome.exe'),
      path.join(folder, 'Google/Chrome/Application/chrome.exe'),
      path.join(folder, 'Microsoft/Edge/Application/msedge.exe')
    ])
  ];
}

/**
 * Some systems have a `chromium-browser` that only says how to install one.
 *
 * @param {string} browser
 * @returns {Promise<boolean>}
 */
async function starts(browser) {
  // On Windows `--version` opens a window.
  return isWindows
    ? existsSync(browser)
    : (await run(browser, ['--version'])).code === 0;
}

/**
 * @returns {Promise<string | null>} the browser the package manager installed
 */
async function installBrowser() {
  for (const manager of packageManagers) {
    const prefix = await privilege(manager.needsRoot);
    const isThere = (await run(manager.command, ['--version'])).code === 0;
    if (prefix === null || !isThere) {
      continue;
    }
    console.log(`Browser: installing Chromium with ${manager.command} ...`);
    const [command, ...args] = [...prefix, manager.command];
    if (manager.refresh) {
      await run(command, [...args, ...manager.refresh]);
    }
    await run(command, [...args, ...manager.install]);
    const found = await findBrowser();
    if (found !== null) {
      return found;
    }
  }
  return null;
}

/**
 * @param {boolean} needsRoot
 * @returns {Promise<string[] | null>} what to put before a command, or `null`
 *   where this user may not run it
 */
async function privilege(needsRoot) {
  if (!needsRoot || process.getuid?.() === 0) {
    return [];
  }
  const { code } = await run('sudo', ['-n', 'true']);
  return code === 0 ? ['sudo', '-n'] : null;
}
