// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { DeserializationError, SerializationError } from '../errors.js';
import { loads } from '../pickle/reader.js';
import { PyFloat, PyTuple } from '../pickle/values.js';
import { readFixture } from '../testing/fixtures.js';
import { type Model, modelOf, valueOf } from '../testing/models.js';
import type { SourceStrategy } from '../options.js';
import { decodeBase64 } from './base64.js';
import { packBuffers, unpackBuffers } from './buffers.js';
import { dedent, serializeSource } from './code.js';
import { jsonText, parseJson } from './json.js';
import { OpaqueValue } from './opaque.js';
import { ComputeSerializer } from './serializer.js';

interface IDataRecord {
  name: string;
  model: Model;
  '00': string;
  '11': string;
  '13': string;
}

const { code, data, packed } = readFixture(
  'serialize/__fixtures__/wire.json'
) as {
  code: Record<string, string>[];
  data: IDataRecord[];
  packed: { buffers: string[]; packed: string }[];
};

const EXACT: SourceStrategy[] = ['st', 'sd', '03', '04'];

describe('packBuffers', () => {
  it.each(packed)('is what Python packs: $buffers', record => {
    expect(packBuffers(record.buffers)).toBe(record.packed);
    expect(unpackBuffers(record.packed)).toEqual(record.buffers);
  });

  it('counts a lone surrogate as one', () => {
    expect(packBuffers(['\ud800a'])).toBe('2\n\ud800a');
    expect(unpackBuffers('2\n\ud800a1\nb')).toEqual(['\ud800a', 'b']);
  });

  it.each(['x', '5', '-1\na', '2\na', '2\n🚀', '1e1\naaaaaaaaaa', ' 1\na'])(
    'refuses %j',
    text => {
      expect(() => unpackBuffers(text)).toThrow(DeserializationError);
    }
  );
});

describe('serializeSource', () => {
  it.each(code.flatMap(record => EXACT.map(id => ({ record, id }))))(
    "writes Python's bytes: $record.name, $id",
    ({ record, id }) => {
      const { name, source } = record;
      expect(serializeSource(name, source, id)).toBe(record[id]);
    }
  );

  it('combines the forms a browser can write', () => {
    const [{ name, source }] = code;
    const combined = serializeSource(name, source, '12');
    const members = unpackBuffers(combined.slice(3));
    expect(members.map(member => member.slice(0, 2))).toEqual(['st', 'sd']);
    const parts = serializeSource(name, source, '10').slice(3).split(':');
    expect([parts[0], parts[2]]).toEqual(['04\n', '03\n']);
    expect(loads(decodeBase64(parts[1]))).toEqual(PyTuple.pack(name, source));
  });

  it('removes indentation, of indented source only', () => {
    expect(serializeSource('f', '  def f():\n    pass\n', 'st')).toBe(
      'st\nf:def f():\n  pass\n'
    );
    expect(dedent('\tdef f():\n\n\t\tpass')).toBe('def f():\n\n\tpass');
    const flush = 'def f():\n  """\n \n  """';
    expect(dedent(flush)).toBe(flush);
  });

  it.each([
    ['<lambda>', 'lambda: 1'],
    ['a:b', 'def a:b'],
    ['', 'def f(): pass'],
    ['g', 'def f(): pass']
  ])('refuses the name %j', (name, source) => {
    expect(() => serializeSource(name, source)).toThrow(SerializationError);
  });
});

describe('JSON', () => {
  it.each(data)("is Python's of $name, both ways", record => {
    const value = valueOf(record.model);
    expect(`11\n${jsonText(value)}`).toBe(record['11']);
    expect(parseJson(jsonText(value))).toEqual(asJson(value));
  });

  it('keeps integers exact, of any size', () => {
    const text = '[9007199254740993, -1180591620717411303424, 1e400]';
    expect(parseJson(text)).toEqual([2n ** 53n + 1n, -(2n ** 70n), Infinity]);
  });

  it('leaves numbers and names inside of strings alone', () => {
    const text =
      '["NaN", "a\\"12345678901234567890", {"Infinity": "-Infinity"}]';
    expect(parseJson(text)).toEqual([
      'NaN',
      'a"12345678901234567890',
      { Infinity: '-Infinity' }
    ]);
  });

  it.each(['', '{', '[NaN', 'nan', '[1,]'])('refuses %j', text => {
    expect(() => parseJson(text)).toThrow(DeserializationError);
  });

  it('refuses what has no place in it', () => {
    const key = new Map([[PyTuple.pack(1), 1]]);
    for (const value of [new Set([1]), Uint8Array.of(1), () => 1, key]) {
      expect(() => jsonText(value)).toThrow(SerializationError);
    }
  });

  it('writes keys that are no texts as Python does', () => {
    const keys = new Map<unknown, number>([
      [1, 0],
      [true, 0],
      [null, 0],
      [new PyFloat(1), 0]
    ]);
    expect(jsonText(keys)).toBe('{"1": 0, "true": 0, "null": 0, "1.0": 0}');
  });
});

describe('ComputeSerializer', () => {
  const exact = { keepFloats: true } as const;

  it.each(data)("writes Python's bytes of $name", record => {
    const value = valueOf(record.model);
    for (const id of ['00', '11', '13'] as const) {
      const serializer = new ComputeSerializer({ dataStrategy: id });
      expect(serializer.serialize(value)).toBe(record[id]);
    }
  });

  it.each(data)("reads Python's $name", record => {
    const serializer = new ComputeSerializer(exact);
    expect(modelOf(serializer.deserialize(record['00']))).toEqual(record.model);
    expect(serializer.deserialize(record['13'])).toEqual(
      serializer.deserialize(record['11'])
    );
  });

  it('reads the second form where the first is not readable', () => {
    const text = `13\n${packBuffers(['11\n{', '00\ngARLAi4=\n'])}`;
    expect(new ComputeSerializer().deserialize(text)).toBe(2);
    const none = `13\n${packBuffers(['11\n{', '13\n'])}`;
    expect(() => new ComputeSerializer().deserialize(none)).toThrow(
      DeserializationError
    );
  });

  it.each(['01', '03', '04', '10', '12', 'st', 'sd'])(
    'leaves a function of strategy %s closed',
    id => {
      const value = new ComputeSerializer().deserialize(code[0][id]);
      expect(value).toBeInstanceOf(OpaqueValue);
      expect((value as OpaqueValue).header).toBe(id);
      expect((value as OpaqueValue).summary).toMatch(/^function/);
    }
  );

  it.each(['', '00', '0\n', 'zz\nabc', '00\n!!!', '00\nTg=='])(
    'refuses %j, or keeps it closed',
    text => {
      const serializer = new ComputeSerializer();
      expect(() => serializer.deserialize(text)).toThrow(DeserializationError);
      const kept = serializer.deserializeSafely(text);
      expect(kept).toBeInstanceOf(OpaqueValue);
      expect((kept as OpaqueValue).summary).toMatch(/not decoded here: ./);
    }
  );

  it('checks strategies by writing and reading again', () => {
    const serializer = new ComputeSerializer();
    const greet = { name: 'greet', source: 'def greet(a, b):\n  return a\n' };
    const [fn, args, kwargs] = serializer.checkStrategies(greet, [1], { b: 2 });
    expect((fn as OpaqueValue).summary).toBe('function greet as source');
    expect(args).toEqual(PyTuple.pack(1));
    expect(kwargs).toEqual(new Map([['b', 2]]));
    expect(() => serializer.checkStrategies(greet, [() => 1])).toThrow(
      SerializationError
    );
  });
});

/** What is left of a value in JSON: arrays, objects and numbers. */
function asJson(value: unknown): unknown {
  if (value instanceof PyFloat) {
    return value.value;
  }
  if (Array.isArray(value)) {
    return Array.from(value, asJson);
  }
  if (value instanceof Map) {
    const entries = Array.from(value as Map<string, unknown>, ([k, v]) => [
      k,
      asJson(v)
    ]);
    return Object.fromEntries(entries as [string, unknown][]);
  }
  return value;
}
