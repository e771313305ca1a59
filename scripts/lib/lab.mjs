import { spawn } from 'node:child_process';
import path from 'node:path';

import { Failure } from './failure.mjs';
import { loopback } from './network.mjs';
import { isWindows, root, venvBin, venvCommand } from './paths.mjs';

/** How long JupyterLab may take until it answers, also on a slow disk. */
const startTimeoutMs = 120_000;

/** How long it may take to end its kernels. */
const stopTimeoutMs = 15_000;

/** How often to ask whether it answers. */
const pollIntervalMs = 200;

/**
 * A JupyterLab of this clone, on this computer only.
 */
export class Lab {
  /**
   * @param {object} options
   * @param {number} options.port
   * @param {string} options.token - what a browser must show to get in
   * @param {string} options.folder - the notebooks
   * @param {string} options.page - what to open, for example `/lab`
   * @param {boolean} options.openBrowser
   * @param {readonly string[]} options.args - for `jupyter lab` itself
   */
  constructor({ port, token, folder, page, openBrowser, args }) {
    this._port = port;
    this._token = token;
    this._child = spawn(
      venvCommand('jupyter-lab'),
      [
        `--ServerApp.ip=${loopback}`,
        `--ServerApp.port=${port}`,
        '--ServerApp.port_retries=0',
        '--log-level=WARN',
        `--ServerApp.root_dir=${folder}`,
        `--LabApp.default_url=${page}`,
        ...(openBrowser ? [] : ['--no-browser']),
        ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
        ...args
      ],
      {
        cwd: root,
        env: {
          ...process.env,
          // In the environment no other user of this computer can read it.
          JUPYTER_TOKEN: token,
          // This clone's kernel and extensions, not those of the person.
          JUPYTER_PREFER_ENV_PATH: '1',
          PATH: `${venvBin}${path.delimiter}${process.env.PATH ?? ''}`
        },
        // A group of its own: Ctrl+C reaches it through stop() alone, which
        // lets it end its kernels first.
        detached: !isWindows,
        stdio: ['ignore', 'ignore', 'inherit']
      }
    );
    this._hasEnded = false;
    this._isStopping = false;
    /** @type {Promise<void>} */
    this.ended = new Promise(resolve => {
      const end = () => {
        this._hasEnded = true;
        resolve();
      };
      this._child.once('exit', end);
      this._child.once('error', end);
    });
  }

  /**
   * Wait until it answers.
   *
   * @returns {Promise<boolean>} whether it does; false after a stop()
   * @throws Failure where it ends by itself, or takes too long
   */
  async ready() {
    const deadlineMs = Date.now() + startTimeoutMs;
    while (!(await this._answers())) {
      if (this._isStopping) {
        return false;
      }
      if (this._hasEnded) {
        throw new Failure(
          'JupyterLab ended before it was ready: see its messages above.'
        );
      }
      if (Date.now() > deadlineMs) {
        throw new Failure(
          `JupyterLab did not answer within ${startTimeoutMs / 1000} s: see ` +
            'its messages above, and try again.'
        );
      }
      await new Promise(resolve => setTimeout(resolve, pollIntervalMs));
    }
    return true;
  }

  /** End it, and with it its kernels and the local service. */
  async stop() {
    this._isStopping = true;
    this._child.kill('SIGTERM');
    const timer = setTimeout(() => {
      this._child.kill('SIGKILL');
    }, stopTimeoutMs);
    await this.ended;
    clearTimeout(timer);
  }

  /**
   * @returns {Promise<boolean>}
   */
  async _answers() {
    try {
      const response = await fetch(
        `http://${loopback}:${this._port}/api/status`,
        { headers: { Authorization: `token ${this._token}` } }
      );
      return response.ok;
    } catch {
      return false;
    }
  }
}
