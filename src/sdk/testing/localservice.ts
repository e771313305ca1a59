/**
 * The real local service, for tests.
 */

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { StaticTokenLoginManager } from '../auth/static.js';
import { Client } from '../client.js';
import type { ITransport } from '../types.js';

/** Python with this project's packages. */
const PYTHON =
  process.env.GLOBUS_COMPUTE_TEST_PYTHON ??
  new URL('../../../.venv/bin/python', import.meta.url).pathname;

/** Whether tests with the service can run, and if not, the reason. */
export const skipsLocalService = existsSync(PYTHON)
  ? undefined
  : `skipped without ${PYTHON}`;

/** What the service prints when it is ready. */
export interface IServiceAddress {
  url: string;
  token: string;
  endpoint_id: string;
  pid: number;
}

/**
 * One service process with a data directory of its own.
 */
export class LocalService {
  private constructor(
    readonly address: IServiceAddress,
    process: ChildProcess,
    directory: string
  ) {
    this._directory = directory;
    this._process = process;
  }

  /** Start a service, and wait until it accepts requests. */
  static async start(): Promise<LocalService> {
    const directory = mkdtempSync(join(tmpdir(), 'globus-compute-'));
    const child = spawn(
      PYTHON,
      [
        ...['-m', 'jupyterlab_globus_compute.local', '--exit-with-stdin'],
        ...['--data-dir', directory, '--workers', '2']
      ],
      { cwd: directory, stdio: ['pipe', 'pipe', 'inherit'] }
    );
    const lines = createInterface({ input: child.stdout });
    const address = await new Promise<IServiceAddress>((resolve, reject) => {
      lines.once('line', line => {
        resolve(JSON.parse(line) as IServiceAddress);
      });
      child.once('exit', code => {
        reject(new Error(`the local service ended with ${String(code)}`));
      });
    });
    return new LocalService(address, child, directory);
  }

  /** Carries requests to it. */
  transport(): ITransport {
    const { url: baseUrl, token } = this.address;
    return new StaticTokenLoginManager(token).getWebClient({ baseUrl });
  }

  /** A client without a budget: the service keeps none. */
  client(): Client {
    return new Client({ transport: this.transport(), rateLimit: false });
  }

  /** Stop it and remove its data. */
  async stop(): Promise<void> {
    const ended = new Promise(resolve => this._process.once('exit', resolve));
    this._process.stdin?.end();
    await ended;
    rmSync(this._directory, { recursive: true, force: true });
  }

  private readonly _directory: string;
  private readonly _process: ChildProcess;
}
