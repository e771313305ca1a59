import { spawn } from 'node:child_process';

import { isWindows, root } from './paths.mjs';

/**
 * @typedef {object} IRunOptions
 * @property {NodeJS.ProcessEnv} [env] - added to this process's environment
 * @property {boolean} [live] - show the output as it comes; else collect it
 * @property {boolean} [shell] - run through the system's shell
 * @property {string} [cwd] - the folder to run in, if not the clone's root
 */

/**
 * @typedef {object} IRunResult
 * @property {number} code - the exit code; 127 where the command is not there,
 *   128 where a signal ended it
 * @property {string} output - stdout and stderr in the order they came, empty
 *   when shown live
 */

/** @type {readonly ['inherit', 'inherit']} */
const live = ['inherit', 'inherit'];

/** @type {readonly ['pipe', 'pipe']} */
const collected = ['pipe', 'pipe'];

/**
 * Run a command to its end. Never rejects. The
 * command is ended when this process exits before it.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {IRunOptions} [options]
 * @returns {Promise<IRunResult>}
 */
export function run(command, args, options = {}) {
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    shell: options.shell ?? false,
    stdio: ['ignore', ...(options.live ? live : collected)]
  });
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  return new Promise(resolve => {
    /** @type {Buffer[]} */
    const chunks = [];
    const finish = (/** @type {number} */ code, note = '') => {
      process.removeListener('exit', end);
      resolve({ code, output: Buffer.concat(chunks).toString('utf8') + note });
    };
    const collect = (/** @type {Buffer} */ chunk) => chunks.push(chunk);
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('error', error => {
      finish(127, `${error.message}\n`);
    });
    child.on('close', code => {
      finish(code ?? 128);
    });
  });
}

/**
 * Run npm: through the npm that runs this script where there is one, so that
 * no shell is needed to find it.
 *
 * @param {readonly string[]} args
 * @param {string} [cwd] - the folder to run in, if not the clone's root
 * @returns {Promise<IRunResult>}
 */
export function runNpm(args, cwd = root) {
  const npm = process.env.npm_execpath;
  return npm?.endsWith('.js')
    ? run(process.execPath, [npm, ...args], { cwd })
    : run('npm', args, { shell: isWindows, cwd });
}
