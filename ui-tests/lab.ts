import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect } from '@playwright/test';

const ROOT = path.resolve(__dirname, '..');
const TOKEN = 'ui-tests';

/** A JupyterLab of one test, which may be killed and started again. */
export class Lab {
  private constructor(
    readonly port: number,
    /** Where it begins on its server, as behind a hub; `/` if nowhere else. */
    readonly baseUrl: string,
    private readonly _home: string
  ) {}

  /** Start a JupyterLab with a home of its own. */
  static async start(baseUrl = '/'): Promise<Lab> {
    const home = mkdtempSync(path.join(tmpdir(), 'globus-compute-lab-'));
    const lab = new Lab(await freePort(), baseUrl, home);
    await lab.run();
    return lab;
  }

  /** Address of a page, such as `lab`, with what signs in. */
  url(page: string): string {
    return `http://127.0.0.1:${this.port}${this.baseUrl}${page}?token=${TOKEN}`;
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
      await ended;
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
