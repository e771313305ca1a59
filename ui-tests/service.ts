import { readFileSync } from 'node:fs';
import path from 'node:path';

import { expect } from '@playwright/test';

import { ownServer } from './server';

/** What the local service of the tests says of itself. */
export interface IServiceState {
  readonly pid: number;
  readonly url: string;
  readonly endpoint_id: string;
}

/** The local service of the tests' JupyterLab, which must be running. */
export function readService(): IServiceState {
  const file = path.join(
    ownServer().home,
    'data/globus-compute/local/service.json'
  );
  return JSON.parse(readFileSync(file, 'utf8')) as IServiceState;
}

/** Kill the local service as a crash would, and return what it was. */
export function killService(): IServiceState {
  const service = readService();
  process.kill(service.pid, 'SIGKILL');
  return service;
}

/** Wait until another local service has taken the killed one's place. */
export async function expectRestarted(killed: IServiceState): Promise<void> {
  await expect(() => {
    const service = readService();
    expect(service.pid).not.toBe(killed.pid);
    expect(service.endpoint_id).toBe(killed.endpoint_id);
  }).toPass();
}
