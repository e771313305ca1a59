// @vitest-environment node
import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { bytesOf, HAS_PYTHON, makeFixtures } from '../testing/fixtures.js';
import { type Model, modelOf, valueOf } from '../testing/models.js';
import { PyNamedTuple } from './collections.js';
import type { PyDateTime } from './datetime.js';
import type { PyException } from './exceptions.js';
import type { PyNDArray } from './numpy.js';
import type { PyUuid } from './pyuuid.js';
import { loads } from './reader.js';
import type { PyObject } from './values.js';
import { dumps } from './writer.js';

const { plain, rich, foreign, pandas, large, main } = makeFixtures();

const all = [...plain, ...rich, ...foreign, ...pandas];

const read = (base64: string) => loads(bytesOf(base64), { keepFloats: true });

/** Values that occur twice in Python are one value there and two here. */
const SHARED = new Set(['shared', 'memo_300']);

const rare = new Map(all.map(record => [record.name, record]));
const named = (name: string) => loads(bytesOf(rare.get(name)!.dill));

describe.skipIf(!HAS_PYTHON)('loads', () => {
  it('is tried on enough: 120 values in each of six protocols', () => {
    for (let protocol = 0; protocol <= 5; protocol++) {
      const written = all.filter(({ protocols }) => protocols[protocol]);
      expect(written.length).toBeGreaterThan(120);
    }
  });

  it.each(all)('reads dill $name', record => {
    expect(modelOf(read(record.dill))).toEqual(record.model);
  });

  it.each(all)('reads every protocol of $name', record => {
    for (const base64 of record.protocols.filter(text => text !== null)) {
      expect(modelOf(read(base64))).toEqual(record.model);
    }
  });

  it.each(all.filter(record => record.attributes))(
    'keeps the attributes of $name in every protocol',
    record => {
      for (const base64 of [record.dill, ...record.protocols]) {
        const { attributes } = read(base64 ?? record.dill) as PyObject;
        const models = Array.from(attributes, ([key, value]) => [
          key,
          modelOf(value)
        ]);
        expect(Object.fromEntries(models)).toEqual(record.attributes);
      }
    }
  );

  it('gives plain numbers for floats unless asked to keep them', () => {
    expect(loads(dumps(valueOf(['float', '3ff0000000000000'])))).toBe(1);
  });

  it('keeps the identity of a value that occurs twice', () => {
    const value = named('shared') as unknown[];
    expect(value[0]).toBe(value[1]);
  });

  it('gives long bytes as a view, and short ones as a copy', () => {
    const bytes = bytesOf(rare.get('bytes_1000')!.dill);
    expect((loads(bytes) as Uint8Array).buffer).toBe(bytes.buffer);
    const short = bytesOf(rare.get('bytes_short')!.dill);
    expect((loads(short) as Uint8Array).buffer).not.toBe(short.buffer);
  });

  it('leaves the bytes it reads as they are, a Buffer too', () => {
    const buffer = Buffer.from(rare.get('list_mixed')!.dill, 'base64');
    const before = buffer.toString('hex');
    loads(buffer);
    expect(buffer.toString('hex')).toBe(before);
  });
});

describe.skipIf(!HAS_PYTHON)('usable values', () => {
  const arrays = foreign.filter(({ model }) => model[0] === 'array');
  const numeric = arrays.filter(
    ({ model }) => !/str|bytes|object|void/.test((model[1] as string[])[0])
  );

  it.each(numeric)('has a typed array for $name, in its order', record => {
    const array = loads(bytesOf(record.dill)) as PyNDArray;
    const [, shape, models] = record.model[1] as [string, number[], Model[]];
    const items: Iterable<number | bigint> = array.toTypedArray()!;
    expect(Array.from(items, Number)).toEqual(models.flatMap(numbersOf));
    expect(array.shape).toEqual(shape);
  });

  it('has integers of 64 bits exactly', () => {
    const unsigned = (named('array_u8') as PyNDArray).toTypedArray();
    expect(unsigned).toEqual(BigUint64Array.of(2n ** 64n - 1n, 1n));
    const signed = (named('array_i8') as PyNDArray).toTypedArray();
    expect(signed).toEqual(BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n));
  });

  it('has no typed array for texts, records and objects', () => {
    for (const name of ['array_text', 'array_record', 'array_object']) {
      expect((named(name) as PyNDArray).toTypedArray()).toBeUndefined();
    }
  });

  it('has a view where the layout allows it', () => {
    const bytes = bytesOf(rare.get('array_10k')!.protocols[5]!);
    const items = (loads(bytes) as PyNDArray).toTypedArray();
    expect(items).toBeInstanceOf(Float64Array);
    expect(items).toHaveLength(10_000);
    expect(items![9999]).toBe(9999);
  });

  it('has fields of a named tuple that dill sends along', () => {
    const pair = loads(bytesOf(main.pair)) as PyNamedTuple;
    expect(pair).toBeInstanceOf(PyNamedTuple);
    expect(pair.className).toBe('__main__.Pair');
    expect(pair.fields).toEqual(['first', 'second']);
    expect([...pair]).toEqual([1, [2]]);
    expect(pair.field('second')).toEqual([2]);
    expect(pair.field('third')).toBeUndefined();
  });

  it('has the message of an exception', () => {
    const messages = ['exception', 'exception_empty', 'exception_args'].map(
      name => (named(name) as PyException).message
    );
    expect(messages).toEqual(['x', '', '']);
    const custom = named('exception_custom') as PyException;
    expect(custom.name).toBe('CustomError');
    expect(custom.className).toBe('fixture_values.CustomError');
  });

  it('has moments and ids in their usual forms', () => {
    const zoned = named('datetime_zone') as PyDateTime;
    expect(zoned.toDate()?.toISOString()).toBe('2024-07-01T10:00:00.000Z');
    expect(zoned.isoFormat()).toBe('2024-07-01T12:00:00[Europe/Berlin]');
    expect(String(named('uuid') as PyUuid)).toBe(
      '12345678-1234-5678-1234-567812345678'
    );
  });
});

describe.skipIf(!HAS_PYTHON)('dumps', () => {
  it.each(plain.filter(r => !SHARED.has(r.name)))(
    "writes dill's bytes of $name",
    record => {
      const written = Buffer.from(dumps(valueOf(record.model)));
      expect(written.toString('base64')).toBe(record.dill);
    }
  );

  it.each(large)("writes dill's frames of $name", record => {
    const written = dumps(valueOf(record.model));
    const sha256 = createHash('sha256').update(written).digest('hex');
    expect(sha256).toBe(record.sha256);
  });

  it("writes dill's bytes of values that occur twice", () => {
    const pair = [1, 2];
    const items = Array.from({ length: 300 }, (_, i) => [i]);
    const write = (value: unknown) =>
      Buffer.from(dumps(value)).toString('base64');
    expect(write([pair, pair])).toBe(rare.get('shared')!.dill);
    expect(write([...items, ...items])).toBe(rare.get('memo_300')!.dill);
  });

  it.each(rich)('writes $name so that it reads the same', record => {
    const again = loads(dumps(read(record.dill)), { keepFloats: true });
    expect(modelOf(again)).toEqual(record.model);
  });
});

/** The number of a model; of a complex one both parts. */
function numbersOf([kind, content]: Model): number[] {
  return kind === 'complex'
    ? (content as string[]).map(hex => Number(valueOf(['float', hex])))
    : [Number(valueOf([kind, content]))];
}
