// @vitest-environment node
import { beforeAll, describe, expect, it } from 'vitest';

import { TaskExecutionFailed } from './errors.js';
import type { SourceStrategy } from './options.js';
import { PyOrderedDict } from './pickle/collections.js';
import type { PyDateTime } from './pickle/datetime.js';
import { loads } from './pickle/reader.js';
import { PyComplex, PyDecimal, PyFloat, PyTuple } from './pickle/values.js';
import { dumps } from './pickle/writer.js';
import { packBuffers } from './serialize/buffers.js';
import { serializeSource } from './serialize/code.js';
import {
  type DataStrategy,
  ComputeSerializer
} from './serialize/serializer.js';
import {
  bytesOf,
  doInPython,
  HAS_PYTHON,
  makeFixtures,
  PYTHON
} from './testing/fixtures.js';
import type { Model } from './testing/models.js';

interface ISeen {
  repr: string;
  model: Model | null;
}

interface IRun {
  data: string;
  failed: boolean;
}

interface ICall {
  repr: string;
  failed: boolean;
}

const cyclicList: unknown[] = [1];
cyclicList.push(cyclicList);
const cyclicDict = new Map<string, unknown>();
cyclicDict.set('self', cyclicDict);
const shared = [1];

/** Values a TypeScript program makes, and their `repr` in Python. */
const VALUES: [unknown, string][] = [
  [null, 'None'],
  [undefined, 'None'],
  [[1, 1.5, true, 'é🚀\ud800'], "[1, 1.5, True, 'é🚀\\ud800']"],
  [new PyFloat(1), '1.0'],
  [-(2n ** 100n), String(-(2n ** 100n))],
  [PyTuple.pack(PyTuple.pack(), PyTuple.pack(1)), '((), (1,))'],
  [{ a: [{ b: null }] }, "{'a': [{'b': None}]}"],
  [new Map<unknown, unknown>([[1, PyTuple.pack(2)]]), '{1: (2,)}'],
  [new PyOrderedDict([['a', 1]]), "OrderedDict([('a', 1)])"],
  [new Set([1]), '{1}'],
  [new PyComplex(1, 0.5), '(1+0.5j)'],
  [new PyDecimal('1.50'), "Decimal('1.50')"],
  [Uint8Array.of(0, 255), "b'\\x00\\xff'"],
  [Float64Array.of(1), "b'\\x00\\x00\\x00\\x00\\x00\\x00\\xf0?'"],
  [cyclicList, '[1, [...]]'],
  [cyclicDict, "{'self': {...}}"],
  [[shared, shared], '[[1], [1]]'],
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

const { callables, plain, rich } = makeFixtures();

/** Python's own values, read here, to be written again. */
const roundTrips = [...plain, ...rich].map(record => ({
  ...record,
  value: loads(bytesOf(record.dill), { keepFloats: true })
}));

/** The functions that are more than a name for something else. */
const functions = callables.filter(
  ({ name, source, args }) =>
    source !== null && args !== null && /^[a-z]\w*$/.test(name ?? '')
);

/** Need more than their own source, wherever it is written. */
const NEEDS_MORE = new Set(['decorated', 'closure', 'bound']);

const calls = functions.flatMap(record =>
  STRATEGIES.map(id => ({ ...record, id }))
);

const pickled = (value: unknown) =>
  Buffer.from(dumps(value)).toString('base64');

/** A task as the worker gets it: function, args and kwargs. */
function body(
  code: string,
  args: readonly unknown[],
  kwargs: object,
  serializer = new ComputeSerializer()
): string {
  return packBuffers([
    code,
    serializer.serialize(PyTuple.from(args)),
    serializer.serialize(kwargs)
  ]);
}

const work = (id: SourceStrategy = 'st') => serializeSource('work', SOURCE, id);

const codeOf = (record: (typeof calls)[number]) =>
  serializeSource(record.name!, record.source!, record.id);

const argsOf = (record: (typeof calls)[number]) =>
  loads(bytesOf(record.args!)) as unknown[];

/** The outcomes of one group of jobs after the other. */
function inGroups(...groups: object[][]): unknown[][] {
  const outcomes = doInPython(groups.flat());
  return groups.map(group => outcomes.splice(0, group.length));
}

const textsOf = (value: unknown, ids: readonly DataStrategy[]) =>
  ids.map(dataStrategy => ({
    do: 'deserialize',
    text: new ComputeSerializer({ dataStrategy }).serialize(value)
  }));

describe.skipIf(!HAS_PYTHON)(
  `Globus Compute's Python code (skipped without ${PYTHON})`,
  { timeout: 60_000 },
  () => {
    let loaded: ISeen[];
    let deserialized: ISeen[];
    let again: ISeen[];
    let inJson: ISeen[];
    let called: ICall[];
    let executed: IRun[];
    let runs: IRun[];
    let asJson: IRun;
    let failed: IRun;

    const plainNames = new Set(plain.map(({ name }) => name));
    const jsonable = roundTrips.filter(
      ({ jsonModel, name }) => jsonModel !== null && plainNames.has(name)
    );

    beforeAll(() => {
      const json = new ComputeSerializer({ dataStrategy: '11' });
      const groups = inGroups(
        VALUES.map(([value]) => ({ do: 'load', pickle: pickled(value) })),
        VALUES.flatMap(([value]) => textsOf(value, ['00'])),
        roundTrips.flatMap(({ value }) => textsOf(value, ['00'])),
        jsonable.flatMap(({ value }) => textsOf(value, ['11', '13'])),
        calls.map(record => ({
          do: 'call',
          text: codeOf(record),
          args: record.args
        })),
        calls.map(record => ({
          do: 'execute',
          body: body(codeOf(record), argsOf(record), {})
        })),
        STRATEGIES.map(id => ({
          do: 'execute',
          body: body(work(id), [3], {})
        })),
        [
          {
            do: 'execute',
            body: body(work(), [3], { b: 5 }, json),
            serializers: [
              'globus_compute_sdk.serialize.JSONData',
              'globus_compute_sdk.serialize.AllDataStrategies'
            ]
          },
          { do: 'execute', body: body(work(), ['fail'], { b: 7 }) }
        ]
      );
      [loaded, deserialized, again, inJson] = groups as ISeen[][];
      [called] = groups.slice(4) as ICall[][];
      [executed, runs, [asJson, failed]] = groups.slice(5) as IRun[][];
    }, 60_000);

    it.each(VALUES.map(([, repr], i) => [repr, i] as const))(
      'reads what is written here: %s',
      (repr, i) => {
        expect(loaded[i].repr).toBe(repr);
        expect(deserialized[i].repr).toBe(repr);
      }
    );

    it.each(roundTrips.map(({ name, model }, i) => ({ name, model, i })))(
      'reads $name, written here, as equal',
      ({ model, i }) => {
        expect(again[i].model).toEqual(model);
      }
    );

    it.each(jsonable.map(({ name, jsonModel }, i) => ({ name, jsonModel, i })))(
      'reads the JSON of $name, written here, as equal',
      ({ jsonModel, i }) => {
        expect(inJson[2 * i].model).toEqual(jsonModel);
        expect(inJson[2 * i + 1].model).toEqual(jsonModel);
      }
    );

    it('runs functions of at least 14 kinds', () => {
      expect(functions.length).toBeGreaterThanOrEqual(14);
    });

    it.each(
      calls.map(({ kind, id, expected }, i) => ({ kind, id, expected, i }))
    )(
      'runs $kind, written as $id, as Python runs its own',
      ({ kind, expected, i }) => {
        const { failed: isFailed, repr } = called[i];
        const runsHere = !isFailed && repr === expected;
        expect(runsHere).toBe(!NEEDS_MORE.has(kind));
        expect(executed[i].failed).toBe(isFailed);
        if (!isFailed) {
          expect(executed[i].data).toMatch(/^00\n/);
        }
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
