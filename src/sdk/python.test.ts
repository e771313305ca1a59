// @vitest-environment node
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

import { beforeAll, describe, expect, it } from 'vitest';

import { TaskExecutionFailed } from './errors.js';
import type { PyDateTime } from './pickle/datetime.js';
import {
  PyComplex,
  PyDecimal,
  PyFloat,
  PyFrozenSet,
  PyTuple
} from './pickle/values.js';
import { dumps } from './pickle/writer.js';
import { packBuffers } from './serialize/buffers.js';
import { serializeSource } from './serialize/code.js';
import { ComputeSerializer } from './serialize/serializer.js';
import type { SourceStrategy } from './options.js';

const PYTHON =
  process.env.GLOBUS_COMPUTE_TEST_PYTHON ??
  new URL('../../.venv/bin/python', import.meta.url).pathname;

/** Reads a list of jobs, and does each with Globus Compute's own code. */
const WORKER = `
import base64, json, pickle, sys, tempfile, uuid
from globus_compute_common import messagepack
from globus_compute_common.messagepack.message_types import Task
from globus_compute_endpoint.engines.helper import execute_task
from globus_compute_sdk.serialize import ComputeSerializer

def load(job):
    return repr(pickle.loads(base64.b64decode(job["pickle"])))

def deserialize(job):
    return repr(ComputeSerializer().deserialize(job["text"]))

def execute(job):
    task_id = uuid.uuid4()
    task = messagepack.pack(Task(task_id=task_id, task_buffer=job["body"]))
    with tempfile.TemporaryDirectory() as folder:
        packed = execute_task(
            task, task_id, run_dir=folder,
            result_serializers=job.get("serializers"))
    result = messagepack.unpack(packed)
    return {"data": result.data, "failed": result.error_details is not None}

jobs = json.load(sys.stdin)
print(json.dumps([globals()[job["do"]](job) for job in jobs]))
`;

interface IRun {
  data: string;
  failed: boolean;
}

/** Do jobs in one Python process. */
function python(jobs: readonly object[]): unknown[] {
  const run = spawnSync(PYTHON, ['-c', WORKER], {
    input: JSON.stringify(jobs),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024
  });
  expect(run.status, run.stderr).toBe(0);
  return JSON.parse(run.stdout) as unknown[];
}

const VALUES: [unknown, string][] = [
  [null, 'None'],
  [[1, 1.5, true, 'é🚀\ud800'], "[1, 1.5, True, 'é🚀\\ud800']"],
  [new PyFloat(1), '1.0'],
  [-(2n ** 100n), String(-(2n ** 100n))],
  [PyTuple.pack(PyTuple.pack(), PyTuple.pack(1)), '((), (1,))'],
  [{ a: [{ b: null }] }, "{'a': [{'b': None}]}"],
  [new Map<unknown, unknown>([[1, PyTuple.pack(2)]]), '{1: (2,)}'],
  [new Set([1]), '{1}'],
  [new PyFrozenSet([1]), 'frozenset({1})'],
  [new PyComplex(1, 0.5), '(1+0.5j)'],
  [new PyDecimal('1.50'), "Decimal('1.50')"],
  [Uint8Array.of(0, 255), "b'\\x00\\xff'"],
  [Float64Array.of(1), "b'\\x00\\x00\\x00\\x00\\x00\\x00\\xf0?'"],
  [
    new Date(Date.UTC(2024, 1, 29, 1, 2, 3, 45)),
    'datetime.datetime(2024, 2, 29, 1, 2, 3, 45000, ' +
      'tzinfo=datetime.timezone.utc)'
  ]
];

const SOURCE = `
  def work(a, b=2):
      """Multiplies: 🚀."""
      import datetime
      if a == "fail":
          raise ValueError(f"bad {b}")
      return {"product": a * b, "when": datetime.datetime(2024, 1, 2)}
`;

const STRATEGIES: SourceStrategy[] = ['st', 'sd', '03', '04', '10', '12'];

const pickled = (value: unknown) =>
  Buffer.from(dumps(value)).toString('base64');

/** A task as the worker gets it: function, args and kwargs. */
function body(
  strategy: SourceStrategy,
  args: unknown[],
  kwargs: object,
  serializer = new ComputeSerializer()
): string {
  return packBuffers([
    serializeSource('work', SOURCE, strategy),
    serializer.serialize(PyTuple.from(args)),
    serializer.serialize(kwargs)
  ]);
}

describe.skipIf(!existsSync(PYTHON))(
  `Globus Compute's Python code (skipped without ${PYTHON})`,
  { timeout: 60_000 },
  () => {
    let loaded: unknown[];
    let deserialized: unknown[];
    let runs: IRun[];
    let asJson: IRun;
    let failed: IRun;

    beforeAll(() => {
      const json = new ComputeSerializer({ dataStrategy: '11' });
      const results = python([
        ...VALUES.map(([value]) => ({ do: 'load', pickle: pickled(value) })),
        ...VALUES.map(([value]) => ({
          do: 'deserialize',
          text: new ComputeSerializer().serialize(value)
        })),
        ...STRATEGIES.map(id => ({ do: 'execute', body: body(id, [3], {}) })),
        {
          do: 'execute',
          body: body('st', [3], { b: 5 }, json),
          serializers: [
            'globus_compute_sdk.serialize.JSONData',
            'globus_compute_sdk.serialize.AllDataStrategies'
          ]
        },
        { do: 'execute', body: body('st', ['fail'], { b: 7 }) }
      ]);
      const n = VALUES.length;
      loaded = results.slice(0, n);
      deserialized = results.slice(n, 2 * n);
      runs = results.slice(2 * n, 2 * n + STRATEGIES.length) as IRun[];
      [asJson, failed] = results.slice(-2) as IRun[];
    }, 60_000);

    it.each(VALUES.map(([, repr], i) => [repr, i] as const))(
      'reads what is written here: %s',
      (repr, i) => {
        expect(loaded[i]).toBe(repr);
        expect(deserialized[i]).toBe(repr);
      }
    );

    it.each(STRATEGIES.map((id, i) => [id, i] as const))(
      'runs a function written as %s',
      (_id, i) => {
        expect(runs[i].failed).toBe(false);
        const result = new ComputeSerializer().deserialize(runs[i].data);
        const map = result as Map<string, unknown>;
        expect(map.get('product')).toBe(6);
        const when = map.get('when') as PyDateTime;
        expect(when.isoFormat()).toBe('2024-01-02T00:00:00');
      }
    );

    it('takes JSON arguments, and answers in the form asked for', () => {
      expect(asJson.failed).toBe(false);
      expect(asJson.data.slice(0, 3)).toBe('13\n');
      const result = new ComputeSerializer().deserialize(asJson.data);
      expect((result as Map<string, unknown>).get('product')).toBe(15);
    });

    it("says why a task failed, in the traceback's last line", () => {
      expect(failed.failed).toBe(true);
      expect(new TaskExecutionFailed('t', failed.data)).toMatchObject({
        errorType: 'ValueError',
        errorMessage: 'bad 7',
        reason: 'ValueError: bad 7'
      });
    });
  }
);
