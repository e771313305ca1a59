import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';

import type { Lab } from '../lab';
import type { Cloud } from './cloud';

const ROOT = path.resolve(__dirname, '../..');

/** What the Python SDK in a terminal says of its login. */
interface ILogin {
  readonly loginRequired: boolean;
  readonly username: string | null;
}

/**
 * Run the unmodified Python SDK's login in a process of its own, with the
 * token store of a Lab.
 *
 * @param getCode - Signs in as a person does; given for `login` only.
 */
export async function runTerminal(
  lab: Lab,
  cloud: Cloud,
  deed: 'login' | 'show' | 'logout',
  getCode?: (url: string) => Promise<string>
): Promise<ILogin> {
  const child = spawn(
    path.join(ROOT, '.venv/bin/python'),
    ['-m', 'jupyterlab_globus_compute.tests.cloud.sdk_login', deed],
    {
      cwd: ROOT,
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        PATH: process.env.PATH,
        HOME: lab.home,
        GLOBUS_COMPUTE_USER_DIR: lab.loginFolder,
        GLOBUS_SDK_SERVICE_URL_AUTH: `${cloud.facts.auth}/`
      }
    }
  );
  const ended = once(child, 'exit') as Promise<[number]>;
  let last = '';
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith('http')) {
      if (getCode === undefined) {
        child.kill();
        throw new Error('The Python SDK asks for a login.');
      }
      child.stdin.write(`${await getCode(line)}\n`);
    }
    last = line;
  }
  const [code] = await ended;
  if (code !== 0) {
    throw new Error(`The Python SDK's login ended with ${code}.`);
  }
  return JSON.parse(last) as ILogin;
}
