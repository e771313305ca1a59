import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs';
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

/** Settings of a server, by the class that has them. */
type Settings = Readonly<Record<string, Record<string, unknown>>>;

/** What a JupyterLab of a test has of its own. */
export interface ILabOptions {
  /** Where it begins on its server, as behind a hub; `/` unless given. */
  readonly baseUrl?: string;

  /** Settings of the server, for the port that it gets. */
  readonly settings?: Settings | ((port: number) => Settings);

  /** A person's settings, by `package/plugin`. */
  readonly userSettings?: Readonly<Record<string, unknown>>;

  /** More environment variables of the server. */
  readonly env?: Readonly<Record<string, string>>;

  /** Whether it has real-time collaboration. */
  readonly collaboration?: boolean;
}

/** A JupyterLab of one test, which may be killed and started again. */
export class Lab {
  private constructor(
    readonly port: number,
    /** Where everything of it is kept. */
    readonly home: string,
    private readonly _options: ILabOptions
  ) {}

  /** Start a JupyterLab with a home of its own. */
  static async start(options: ILabOptions = {}): Promise<Lab> {
    const home = mkdtempSync(path.join(tmpdir(), 'globus-compute-lab-'));
    for (const [plugin, values] of Object.entries(options.userSettings ?? {})) {
      const file = path.join(home, 'settings', `${plugin}.jupyterlab-settings`);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(values));
    }
    const lab = new Lab(await freePort(), home, options);
    await lab.run();
    return lab;
  }

  /** Where it begins on its server. */
  get baseUrl(): string {
    return this._options.baseUrl ?? '/';
  }

  /** What the server and its children have written. */
  get logFile(): string {
    return path.join(this.home, 'server.log');
  }

  /** Where the Python SDK keeps its logins. */
  get loginFolder(): string {
    return path.join(this.home, 'globus');
  }

  /** Address of a page, such as `lab`, with what signs in. */
  url(page: string): string {
    return `http://127.0.0.1:${this.port}${this.baseUrl}${page}?token=${TOKEN}`;
  }

  /** The outputs of a cell, as the notebook's file has them now. */
  savedOutputs(notebook: string, cellId: string): ISavedOutput[] {
    const file = path.join(this.home, 'notebooks', notebook);
    const { cells } = JSON.parse(readFileSync(file, 'utf8')) as {
      cells: { id: string; outputs: ISavedOutput[] }[];
    };
    return cells.find(({ id }) => id === cellId)?.outputs ?? [];
  }

  /** Start the server, and wait until it answers. */
  async run(): Promise<void> {
    const at = (folder: string): string => path.join(this.home, folder);
    const { settings = {} } = this._options;
    const log = openSync(this.logFile, 'a');
    this._process = spawn(
      path.join(ROOT, '.venv/bin/jupyter-lab'),
      [
        '--config',
        'ui-tests/jupyter_server_config.py',
        `--ServerApp.base_url=${this.baseUrl}`
      ],
      {
        cwd: ROOT,
        stdio: ['ignore', log, log],
        env: {
          ...withoutLogins(process.env),
          ...(this._options.collaboration ? WITH_COLLABORATION : {}),
          PATH: `${path.join(ROOT, '.venv/bin')}${path.delimiter}${process.env.PATH ?? ''}`,
          JUPYTER_CONFIG_DIR: at('config'),
          JUPYTER_DATA_DIR: at('data'),
          JUPYTER_RUNTIME_DIR: at('runtime'),
          JUPYTERLAB_SETTINGS_DIR: at('settings'),
          JUPYTERLAB_WORKSPACES_DIR: at('workspaces'),
          IPYTHONDIR: at('ipython'),
          GLOBUS_COMPUTE_USER_DIR: at('globus'),
          GLOBUS_COMPUTE_UI_TEST_HOME: this.home,
          GLOBUS_COMPUTE_UI_TEST_PORT: String(this.port),
          GLOBUS_COMPUTE_UI_TEST_SETTINGS: JSON.stringify(
            typeof settings === 'function' ? settings(this.port) : settings
          ),
          GLOBUS_COMPUTE_UI_TEST_TOKEN: TOKEN,
          ...this._options.env
        }
      }
    );
    closeSync(log);
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
    rmSync(this.home, { recursive: true, force: true });
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

/** The environment, but for whatever would sign the tests in. */
function withoutLogins(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^(GLOBUS_(COMPUTE|SDK|DATA)|FUNCX)/.test(name)
    )
  );
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
