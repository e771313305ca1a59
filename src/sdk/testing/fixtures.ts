/**
 * Golden payloads made by the Python SDK, at the time of the test.
 */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Model } from './models.js';

/** The Python that has the SDK. */
export const PYTHON =
  process.env.GLOBUS_COMPUTE_TEST_PYTHON ??
  fileURLToPath(new URL('../../../.venv/bin/python', import.meta.url));

/** Whether there is one; suites that need it are skipped without. */
export const HAS_PYTHON = existsSync(PYTHON);

/** A Python value, pickled and serialized in every way. */
interface IValueRecord {
  readonly name: string;
  readonly model: Model;
  /** Attributes of an object that stays inert. */
  readonly attributes: Readonly<Record<string, Model>> | null;
  /** What is left of it in JSON; null where it has no place there. */
  readonly jsonModel: Model | null;
  /** Base64 of dill's pickle. */
  readonly dill: string;
  /** Base64 of the pickle of protocols 0 to 5, null where it cannot be. */
  readonly protocols: readonly (string | null)[];
  readonly '00': string;
  readonly '11': string | null;
  readonly '13': string;
}

/** A Python callable, serialized by every strategy. */
interface ICallableRecord {
  readonly kind: string;
  readonly name: string | null;
  /** As `inspect` gives it. */
  readonly source: string | null;
  /** As `dill` gives it. */
  readonly dillSource: string | null;
  /** Base64 of the pickled arguments; null where it is not called. */
  readonly args: string | null;
  /** The `repr` of what the call gives. */
  readonly expected: string | null;
  /** By strategy; null where Python cannot. */
  readonly serialized: Readonly<Record<string, string | null>>;
}

/** What `scripts/make_fixtures.py` prints. */
interface IFixtures {
  readonly plain: readonly IValueRecord[];
  readonly rich: readonly IValueRecord[];
  readonly foreign: readonly IValueRecord[];
  /** Empty where pandas is not installed. */
  readonly pandas: readonly IValueRecord[];
  readonly main: { readonly pair: string };
  readonly large: readonly {
    readonly name: string;
    readonly model: Model;
    readonly sha256: string;
  }[];
  readonly callables: readonly ICallableRecord[];
  readonly packed: readonly {
    readonly buffers: readonly string[];
    readonly packed: string;
  }[];
}

const NOTHING: IFixtures = {
  plain: [],
  rich: [],
  foreign: [],
  pandas: [],
  main: { pair: '' },
  large: [],
  callables: [],
  packed: []
};

/**
 * Make the fixtures; there are none without Python.
 */
export function makeFixtures(): IFixtures {
  return HAS_PYTHON
    ? (JSON.parse(runScript('make_fixtures.py')) as IFixtures)
    : NOTHING;
}

/**
 * Do jobs with Globus Compute's own code, in one Python process.
 *
 * @param jobs - See `scripts/fixture_worker.py`.
 * @returns Their outcomes, in order.
 */
export function doInPython(jobs: readonly object[]): unknown[] {
  const output = runScript('fixture_worker.py', JSON.stringify(jobs));
  return JSON.parse(output) as unknown[];
}

/** The bytes of a text in base64. */
export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}

function runScript(name: string, input = ''): string {
  const script = fileURLToPath(
    new URL(`../../../scripts/${name}`, import.meta.url)
  );
  const run = spawnSync(PYTHON, [script], {
    input,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024
  });
  if (run.status !== 0) {
    throw new Error(`${name} failed: ${run.stderr}`);
  }
  return run.stdout;
}
