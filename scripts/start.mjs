/**
 * Opens JupyterLab on a working copy of the examples. Ctrl+C ends it and
 * everything it started.
 *
 * Options, after `--`: `--port N`, `--no-browser`; all others go to
 * `jupyter lab`.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { Failure, runMain } from './lib/failure.mjs';
import { Lab } from './lib/lab.mjs';
import { freePort, loopback } from './lib/network.mjs';
import { inRoot } from './lib/paths.mjs';
import { prepare } from './setup.mjs';

/** Jupyter's own first choice. */
const usualPort = 8888;

/** The notebook a newcomer begins with. */
const firstNotebook = 'hello.ipynb';

/**
 * Copy the examples to where they may be changed without changing the clone;
 * what is there already is a person's work and stays.
 *
 * @returns {Promise<string>} the folder
 */
async function copyTutorial() {
  const folder = inRoot('.tutorial');
  await mkdir(folder, { recursive: true });
  if (existsSync(inRoot('examples'))) {
    await cp(inRoot('examples'), folder, { recursive: true, force: false });
  }
  return folder;
}

/**
 * @param {string | undefined} asked - the `--port` option
 * @returns {Promise<number>}
 */
async function choosePort(asked) {
  if (asked === undefined) {
    return (await freePort(usualPort)) ?? (await freePort(0)) ?? usualPort;
  }
  const port = Number(asked);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Failure(
      `--port takes a number from 1 to 65535, not "${asked}": choose one and ` +
        'try again.'
    );
  }
  if ((await freePort(port)) === null) {
    throw new Failure(
      `Port ${port} is in use: choose another one with --port, or none, and ` +
        'try again.'
    );
  }
  return port;
}

/**
 * @returns {{ port: string | undefined, openBrowser: boolean, rest: string[] }}
 */
function readOptions() {
  const { values, tokens } = parseArgs({
    options: { port: { type: 'string' }, 'no-browser': { type: 'boolean' } },
    strict: false,
    tokens: true
  });
  const ours = new Set(['port', 'no-browser']);
  const rest = tokens.flatMap(token => {
    if (token.kind === 'option') {
      const value = token.value === undefined ? '' : `=${token.value}`;
      return ours.has(token.name) ? [] : [`${token.rawName}${value}`];
    }
    return token.kind === 'positional' ? [token.value] : [];
  });
  return {
    port: typeof values.port === 'string' ? values.port : undefined,
    openBrowser: values['no-browser'] !== true,
    rest
  };
}

/**
 * @param {(lab: Lab) => void} onLab - called when there is one to be ended
 * @returns {Promise<number>} the exit code, when JupyterLab has ended
 */
async function start(onLab) {
  const { port: asked, openBrowser, rest } = readOptions();
  await prepare({ mustBuild: true });
  const folder = await copyTutorial();
  const port = await choosePort(asked);
  const hasTutorial = existsSync(path.join(folder, firstNotebook));
  const page = hasTutorial ? `/lab/tree/${firstNotebook}` : '/lab';
  const token = randomBytes(24).toString('hex');
  const lab = new Lab({ port, token, folder, page, openBrowser, args: rest });
  onLab(lab);
  try {
    if (await lab.ready()) {
      console.log(`Ready: http://${loopback}:${port}${page}?token=${token}`);
    }
    await lab.ended;
    return 0;
  } finally {
    await lab.stop();
  }
}

/** @type {Lab | null} */
let lab = null;

await runMain(
  () =>
    start(started => {
      lab = started;
    }),
  code => {
    if (lab === null) {
      process.exit(code);
    }
    console.log('Ending JupyterLab and its kernels ...');
    void lab.stop();
  }
);
