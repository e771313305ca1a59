// @vitest-environment node
import { describe as suite, expect, it } from 'vitest';

import { OpaqueValue } from '../serialize/opaque.js';
import { bytesOf, HAS_PYTHON, makeFixtures } from '../testing/fixtures.js';
import { describe } from './describe.js';
import { loads } from './reader.js';
import {
  PyByteArray,
  PyComplex,
  PyFloat,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  PyRange,
  PyReference,
  PySlice,
  PyTuple
} from './values.js';

const cases: [unknown, string][] = [
  [null, 'None'],
  [undefined, 'None'],
  [true, 'True'],
  [3, '3'],
  [-0, '-0.0'],
  [2n ** 70n, '1180591620717411303424'],
  [1.5, '1.5'],
  [new PyFloat(1), '1.0'],
  [new PyFloat(1e15), '1000000000000000.0'],
  [1e16, '1e+16'],
  [1.25e-5, '1.25e-05'],
  [0.0001, '0.0001'],
  [NaN, 'nan'],
  [-Infinity, '-inf'],
  ["it's", '"it\'s"'],
  ['both \' and "', "'both \\' and \"'"],
  ['a\n\t\\\x00\ud800é', "'a\\n\\t\\\\\\x00\\ud800é'"],
  [Uint8Array.of(0, 65, 39, 255), 'b"\\x00A\'\\xff"'],
  [new PyByteArray([97]), "bytearray(b'a')"],
  [[1, [2]], '[1, [2]]'],
  [PyTuple.pack(), '()'],
  [PyTuple.pack(1), '(1,)'],
  [PyTuple.pack(1, 'a'), "(1, 'a')"],
  [
    new Map<unknown, unknown>([
      ['a', 1],
      [2, []]
    ]),
    "{'a': 1, 2: []}"
  ],
  [new Map(), '{}'],
  [{ a: 1 }, "{'a': 1}"],
  [new Set(), 'set()'],
  [new Set([1, 2]), '{1, 2}'],
  [new PyFrozenSet(), 'frozenset()'],
  [new PyFrozenSet([1]), 'frozenset({1})'],
  [new PyComplex(1, -2), '(1-2j)'],
  [new PyComplex(0, 1.5), '1.5j'],
  [new PyRange(0, 3), 'range(0, 3)'],
  [new PyRange(1, 9, 2), 'range(1, 9, 2)'],
  [new PySlice(1, null, null), 'slice(1, None, None)'],
  [new PyGlobal('os', 'system'), '<os.system>'],
  [new PyReference('extension', 5), '<extension 5>'],
  [new OpaqueValue('01', 'function as bytecode'), '<function as bytecode>']
];

const foreign: Record<string, string> = {
  array_f8: 'array([[0, 1, 2], [3, 4, 5]], shape=(2, 3), dtype=float64)',
  array_fortran: 'array([[0, 1, 2], [3, 4, 5]], shape=(2, 3), dtype=int64)',
  array_text: "array(['a', 'bc🚀'], shape=(2), dtype=<U3)",
  array_0d: 'array(3, shape=(), dtype=float64)',
  array_empty: 'array([], shape=(0, 3), dtype=float64)',
  np_float64: 'float64(1.5)',
  array_days:
    'array([19782, -9223372036854775808], shape=(2), dtype=datetime64[D])',
  array_record:
    "array([{'a': 1, 'b': 2.5}, {'a': 3, 'b': 4.5}], shape=(2), dtype=|V12)",
  enum: '<fixture_values.Color(1)>',
  dataclass: "<fixture_values.Record(name='n', size=2)>",
  exception: "<builtins.ValueError('x')>",
  counter: "<collections.Counter({'a': 2, 'b': 1})>",
  defaultdict: '<collections.defaultdict(<builtins.int>, {1: 2})>'
};

const rich: Record<string, string> = {
  datetime_utc: 'datetime(2024-02-29T23:59:58.999999+00:00)',
  datetime_east: 'datetime(2024-03-01T05:29:58.999999+05:30)',
  date: 'date(0001-01-31)',
  decimal: "Decimal('1.50')",
  fraction: 'Fraction(-1, 3)',
  timedelta: 'timedelta(days=-1, seconds=2, microseconds=3)',
  datetime_zone: 'datetime(2024-07-01T12:00:00[Europe/Berlin])',
  uuid: "UUID('12345678-1234-5678-1234-567812345678')",
  ordered: "OrderedDict({'a': 1, 'b': 2})"
};

const fixtures = makeFixtures();
const read = (group: 'foreign' | 'rich', name: string) => {
  const record = fixtures[group].find(r => r.name === name);
  return loads(bytesOf(record!.dill));
};

suite('describe', () => {
  it.each(cases)('value %# has a text', (value, expected) => {
    expect(describe(value)).toBe(expected);
  });

  it.skipIf(!HAS_PYTHON).each(Object.entries(foreign))(
    'reads %s',
    (name, expected) => {
      expect(describe(read('foreign', name))).toBe(expected);
    }
  );

  it.skipIf(!HAS_PYTHON).each(Object.entries(rich))(
    'reads %s',
    (name, expected) => {
      expect(describe(read('rich', name))).toBe(expected);
    }
  );

  it('marks what it leaves out', () => {
    expect(describe([1, 2, 3, 4], { maxNodes: 3 })).toBe('[1, 2, …]');
    expect(describe('abcdef', { maxText: 3 })).toBe("'abc'…");
    expect(describe(Uint8Array.of(97, 98), { maxText: 1 })).toBe("b'a'…");
    expect(describe([[[1]]], { maxDepth: 2 })).toBe('[[[…]]]');
  });

  it('ends in a cycle', () => {
    const list: unknown[] = [1];
    list.push(list);
    expect(describe(list)).toBe('[1, […]]');
    const map = new Map<string, unknown>();
    map.set('self', map);
    expect(describe(map)).toBe("{'self': {…}}");
  });

  it('shows the parts of an inert object', () => {
    const object = new PyObject(
      new PyGlobal('m', 'C'),
      [1],
      new Map([['k', 2]])
    );
    object.setState(new Map([['x', [3]]]));
    object.items = [4];
    object.entries = [['a', 5]];
    expect(describe(object)).toBe("<m.C(1, k=2, x=[3], [4], {'a': 5})>");
  });
});
