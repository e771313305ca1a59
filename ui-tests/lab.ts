import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect } from '@playwright/test';

import type { ISavedOutput } from './notebook';

const ROOT = path.resolve(__dirname, '..');
const TOKEN = 'ui-tests';

/** How long a server may take to end its kernels and services. */
const STOP_TIMEOUT_MS = 15_000;

/** Where `npm run setup` puts real-time collaboration. */
const COLLABORATION = path.join(ROOT, '.venv', 'collaboration');

/** Makes a JupyterLab find real-time collaboration. */
const WITH_COLLABORATION = {
  PYTHONPATH: COLLABORATION,
  JUPYTER_PATH: path.join(COLLABORATION, 'share', 'jupyter'),
  JUPYTER_CONFIG_PATH: path.join(COLLABORATION, 'etc', 'jupyter')
};

/** Whether real-time collaboration is there: not for Python 3.10. */
export function hasCollaboration(): boolean {
  return existsSync(path.join(COLLABORATION, 'jupyter_server_ydoc'));
}

/** A JupyterLab of one test, which may be killed and started again. */
export class Lab {
  private constructor(
    readonly port: number,
    /** Where it begins on its server, as behind a hub; `/` if nowhere else. */
    readonly baseUrl: string,
    private readonly _home: string,
    private readonly _env: NodeJS.ProcessEnv
  ) {}

  /** Start a JupyterLab with a home of its own. */
  static async start({
    baseUrl = '/',
    collaboration = false
  } = {}): Promise<Lab> {
    const home = mkdtempSync(path.join(tmpdir(), 'globus-compute-lab-'));
    const env = collaboration ? WITH_COLLABORATION : {};
    const lab = new Lab(await freePort(), baseUrl, home, env);
    await lab.run();
    return lab;
  }

  /** Address of a page, such as `lab`, with what signs in. */
  url(page: string): string {
    return `http://127.0.0.1:${this.port}${this.baseUrl}${page}?token=${TOKEN}`;
  }

  /** The outputs of a cell, as the notebook's file has them now. */
  savedOutputs(notebook: string, cellId: string): ISavedOutput[] {
    const file = path.join(this._home, 'notebooks', notebook);
    const { cells } = JSON.parse(readFileSync(file, 'utf8')) as {
      cells: { id: string; outputs: ISavedOutput[] }[];
    };
    return cells.find(({ id }) => id === cellId)?.outputs ?? [];
  }

  /** Start the server, and wait until it answers. */
  async run(): Promise<void> {
    const at = (folder: string): string => path.join(this._home, folder);
    this._process = spawn(
      path.join(ROOT, '.venv/bin/jupyter-lab'),
      [
        '--config',
        'ui-tests/jupyter_server_config.py',
        `--ServerApp.base_url=${this.baseUrl}`
      ],
      {
        cwd: ROOT,
        stdio: 'ignore',
        env: {
          ...process.env,
          ...this._env,
          PATH: `${path.join(ROOT, '.venv/bin')}${path.delimiter}${process.env.PATH ?? ''}`,
          JUPYTER_CONFIG_DIR: at('config'),
          JUPYTER_DATA_DIR: at('data'),
          JUPYTER_RUNTIME_DIR: at('runtime'),
          JUPYTERLAB_SETTINGS_DIR: at('settings'),
          JUPYTERLAB_WORKSPACES_DIR: at('workspaces'),
          IPYTHONDIR: at('ipython'),
          GLOBUS_COMPUTE_UI_TEST_HOME: this._home,
          GLOBUS_COMPUTE_UI_TEST_PORT: String(this.port),
          GLOBUS_COMPUTE_UI_TEST_TOKEN: TOKEN
        }
      }
    );
    await expect(async () => {
      expect((await fetch(this.url('api/status'))).ok).toBe(true);
    }).toPass({ timeout: 60_000 });
  }

  /** Kill the server as a crash would. */
  async kill(): Promise<void> {
    await this._end('SIGKILL');
  }

  /** End the server in good order, and forget its home. */
  async remove(): Promise<void> {
    await this._end('SIGTERM');
    rmSync(this._home, { recursive: true, force: true });
  }

  private async _end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const server = this._process;
    if (server?.exitCode === null && server.signalCode === null) {
      const ended = once(server, 'exit');
      server.kill(signal);
      // A thread of the store of real-time collaboration outlives its server.
      const timer = setTimeout(() => server.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    }
  }

  private _process: ChildProcess | null = null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') {
    throw new Error('There is no free port.');
  }
  return address.port;
}
