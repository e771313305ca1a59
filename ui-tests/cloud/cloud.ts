import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = path.resolve(__dirname, '../..');

/** Endpoints of the stand-in, by name: see its `endpoints.py`. */
export const ENDPOINTS = {
  cluster: 'e0000000-0000-4000-8000-000000000001',
  offline: 'e0000000-0000-4000-8000-000000000002',
  nightly: 'e0000000-0000-4000-8000-000000000005'
};

/** The identities that sign in at the stand-in. */
export const IDENTITIES = {
  person: 'ada0c0de-0000-4000-8000-000000000001',
  program: 'c0ffee00-0000-4000-8000-000000000003'
};

/** What the stand-in says of itself when it has started. */
interface ICloudFacts {
  /** Address of the Compute service, and of Groups. */
  readonly compute: string;
  readonly control: string;
  /** Address of Globus Auth. */
  readonly auth: string;
  readonly authControl: string;
  readonly programClient: { clientId: string; clientSecret: string };
}

/** A request that the stand-in took down. */
interface ILoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly identity: string | null;
  readonly status: number;
}

/** A submit that the stand-in accepted. */
export interface ISubmission {
  readonly identity: string;
  readonly endpoint: string;
  readonly group: string;
  /** `payload` is a digest of the arguments. */
  readonly tasks: readonly { id: string; function: string; payload: string }[];
}

/** What the stand-in took down. */
interface ICloudLog {
  readonly requests: readonly ILoggedRequest[];
  readonly submissions: readonly ISubmission[];
  readonly unexpected: readonly string[];
}

/** What the provider gave out. */
interface IIssued {
  readonly accessTokens: readonly string[];
  readonly refreshTokens: readonly string[];
  readonly idTokens: readonly string[];
}

/** What a request is answered instead of what it asks for. */
interface IRefusal {
  readonly method: string;
  /** A regular expression for the whole path. */
  readonly path: string;
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers?: Record<string, string>;
  readonly times?: number;
}

/** Globus Auth, Groups and the Compute service of one test. */
export class Cloud {
  private constructor(
    readonly facts: ICloudFacts,
    private readonly _process: ChildProcess,
    private readonly _folder: string
  ) {}

  /** Start it: `jupyterlab_globus_compute/tests/cloud`. */
  static async start(redirectUris: readonly string[] = []): Promise<Cloud> {
    const folder = mkdtempSync(path.join(tmpdir(), 'globus-compute-cloud-'));
    const child = spawn(
      path.join(ROOT, '.venv/bin/python'),
      [
        ...['-m', 'jupyterlab_globus_compute.tests.cloud', folder],
        ...redirectUris.flatMap(uri => ['--redirect-uri', uri])
      ],
      { cwd: ROOT, stdio: ['pipe', 'pipe', 'inherit'] }
    );
    const [line] = (await Promise.race([
      once(createInterface(child.stdout), 'line'),
      once(child, 'exit').then(() => {
        throw new Error('The stand-in of Globus did not start.');
      })
    ])) as [string];
    return new Cloud(JSON.parse(line) as ICloudFacts, child, folder);
  }

  /** The gateway's setting `globus_urls`. */
  get urls(): Record<string, string> {
    const { auth, compute } = this.facts;
    return { auth, compute, groups: compute };
  }

  /** What the service was asked until now. */
  async log(): Promise<ICloudLog> {
    return (await ask(this.facts.control, 'log')) as ICloudLog;
  }

  /** Have some requests refused. */
  async refuse(refusal: IRefusal): Promise<void> {
    await ask(this.facts.control, 'refuse', { ...refusal });
  }

  /** Change how the service behaves. */
  async set(fields: Record<string, unknown>): Promise<void> {
    await ask(this.facts.control, 'set', fields);
  }

  /** Grants that the provider was asked for, in order. */
  async grants(): Promise<string[]> {
    return (await ask(this.facts.authControl, 'grants')) as string[];
  }

  /** All tokens that the provider gave out until now. */
  async issued(): Promise<string[]> {
    const issued = (await ask(this.facts.authControl, 'issued')) as IIssued;
    const { accessTokens, refreshTokens, idTokens } = issued;
    return [...accessTokens, ...refreshTokens, ...idTokens];
  }

  /** Those of them that are worth something still. */
  async alive(): Promise<string[]> {
    const tokens = await this.issued();
    const answers = await Promise.all(
      tokens.map(token => ask(this.facts.authControl, 'alive', { token }))
    );
    return tokens.filter((_, index) => answers[index]);
  }

  /** End all access tokens; refresh tokens are good still. */
  async endAccessTokens(): Promise<void> {
    await ask(this.facts.authControl, 'end-access-tokens');
  }

  /** End all tokens, as a person does who revokes a consent. */
  async endSignIns(): Promise<void> {
    await ask(this.facts.authControl, 'end-sign-ins');
  }

  /** Stop. */
  async remove(): Promise<void> {
    if (this._process.exitCode === null) {
      const ended = once(this._process, 'exit');
      this._process.stdin?.end();
      await ended;
    }
    rmSync(this._folder, { recursive: true, force: true });
  }
}

async function ask(
  door: string,
  command: string,
  fields: Record<string, unknown> = {}
): Promise<unknown> {
  const response = await fetch(`${door}/${command}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(fields)
  });
  if (!response.ok) {
    throw new Error(`${command}: ${response.status} ${await response.text()}`);
  }
  return (await response.json()) as unknown;
}
