// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { DeserializationError, SerializationError } from '../errors.js';
import { loads } from '../pickle/reader.js';
import { PyFloat, PyTuple } from '../pickle/values.js';
import { HAS_PYTHON, makeFixtures } from '../testing/fixtures.js';
import { modelOf, valueOf } from '../testing/models.js';
import { decodeBase64 } from './base64.js';
import { packBuffers, unpackBuffers } from './buffers.js';
import { dedent, serializeSource } from './code.js';
import { FunctionSource } from './functionsource.js';
import { jsonText, parseJson } from './json.js';
import { KernelRequired } from './kernelrequired.js';
import { OpaqueValue } from './opaque.js';
import { ComputeSerializer } from './serializer.js';

const { callables, foreign, packed, pandas, plain, rich } = makeFixtures();

const all = [...plain, ...rich, ...foreign, ...pandas];
const inJson = all.filter(record => record['11'] !== null);

/** Written from the same source; lambdas have no name Python could bind. */
const written = callables.filter(
  ({ name, source }) => source !== null && /^[a-z]\w*$/.test(name ?? '')
);

/** Values that occur twice in Python are one value there and two here. */
const SHARED = new Set(['shared', 'memo_300']);

describe.skipIf(!HAS_PYTHON)('packBuffers', () => {
  it.each(packed)('is what Python packs: $buffers', record => {
    expect(packBuffers(record.buffers)).toBe(record.packed);
    expect(unpackBuffers(record.packed)).toEqual(record.buffers);
  });
});

describe('packBuffers', () => {
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

describe.skipIf(!HAS_PYTHON)("Python's functions", () => {
  const serializer = new ComputeSerializer();

  it('are of at least 14 kinds', () => {
    expect(callables.length).toBeGreaterThanOrEqual(14);
  });

  it.each(written)("$kind is written as Python's bytes", record => {
    const { name, source, dillSource, serialized } = record;
    for (const id of ['st', '03'] as const) {
      // Source that is indented is sent dedented: Python could not run it.
      const expected = dedent(source!) === source ? serialized[id] : undefined;
      expect(serializeSource(name!, source!, id)).toBe(
        expected ?? serializeSource(name!, dedent(source!), id)
      );
    }
    for (const id of ['sd', '04'] as const) {
      // dill takes some functions for another one beside them.
      if (dillSource!.includes(name!)) {
        expect(serializeSource(name!, dillSource!, id)).toBe(serialized[id]);
      } else {
        expect(() => serializeSource(name!, dillSource!, id)).toThrow(
          SerializationError
        );
      }
    }
  });

  it.each(
    callables.flatMap(record =>
      Object.entries(record.serialized).map(([id, text]) => ({
        kind: record.kind,
        id,
        text,
        record
      }))
    )
  )(
    '$kind is read from strategy $id, or needs a kernel',
    ({ id, text, record }) => {
      const expected = sourceOf(id, record.source, record.dillSource);
      if (text === null) {
        // Python itself cannot write it so.
        expect(expected).toBeNull();
      } else if (expected === null) {
        expect(() => serializer.deserialize(text)).toThrow(KernelRequired);
        const kept = serializer.deserializeSafely(text) as OpaqueValue;
        expect(kept.header).toBe(id);
        expect(kept.summary).toMatch(/^function.*kernel/);
      } else {
        const read = serializer.deserialize(text) as FunctionSource;
        expect(read).toBeInstanceOf(FunctionSource);
        expect(read).toMatchObject({
          functionName: record.name,
          header: id,
          source: expected
        });
      }
    }
  );
});

describe('serializeSource', () => {
  it('combines the forms a browser can write', () => {
    const source = 'def f(a):\n    return {a: 1}\n';
    const combined = serializeSource('f', source, '12');
    const members = unpackBuffers(combined.slice(3));
    expect(members.map(member => member.slice(0, 2))).toEqual(['st', 'sd']);
    const parts = serializeSource('f', source, '10').slice(3).split(':');
    expect([parts[0], parts[2]]).toEqual(['04\n', '03\n']);
    expect(loads(decodeBase64(parts[1]))).toEqual(PyTuple.pack('f', source));
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

describe.skipIf(!HAS_PYTHON)("Python's JSON", () => {
  it.each(inJson)('of $name is read', record => {
    expect(asJson(parseJson(record['11']!.slice(3)))).toEqual(
      asJson(valueOf(record.jsonModel!))
    );
  });

  it.each(plain.filter(record => record['11'] !== null))(
    'of $name is written',
    record => {
      expect(`11\n${jsonText(valueOf(record.model))}`).toBe(record['11']);
    }
  );
});

describe('JSON', () => {
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

  it('reaches no prototype', () => {
    const value = parseJson('{"__proto__": {"polluted": NaN}}');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each(['', '{', '[NaN', 'nan', '[1,]', `${'['.repeat(1e6)}NaN`])(
    'refuses %.20j',
    text => {
      expect(() => parseJson(text)).toThrow(DeserializationError);
    }
  );

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

describe.skipIf(!HAS_PYTHON)('ComputeSerializer and Python', () => {
  const serializer = new ComputeSerializer({ keepFloats: true });

  it.each(plain.filter(({ name }) => !SHARED.has(name)))(
    "writes Python's bytes of $name",
    record => {
      const value = valueOf(record.model);
      for (const id of ['00', '11', '13'] as const) {
        const writer = new ComputeSerializer({ dataStrategy: id });
        if (record[id] === null) {
          expect(() => writer.serialize(value)).toThrow(SerializationError);
        } else {
          expect(writer.serialize(value)).toBe(record[id]);
        }
      }
    }
  );

  it.each(all)("reads Python's $name, in every form", record => {
    expect(modelOf(serializer.deserialize(record['00']))).toEqual(record.model);
    const combined = serializer.deserialize(record['13']);
    if (record.jsonModel === null) {
      expect(modelOf(combined)).toEqual(record.model);
    } else {
      expect(asJson(combined)).toEqual(asJson(valueOf(record.jsonModel)));
    }
  });
});

describe('ComputeSerializer', () => {
  it('reads the second form where the first is not readable', () => {
    const text = `13\n${packBuffers(['11\n{', '00\ngARLAi4=\n'])}`;
    expect(new ComputeSerializer().deserialize(text)).toBe(2);
    const none = `13\n${packBuffers(['11\n{', '13\n'])}`;
    expect(() => new ComputeSerializer().deserialize(none)).toThrow(
      DeserializationError
    );
  });

  it.each([
    '',
    '00',
    '0\n',
    'zz\nabc',
    '00\n!!!',
    '00\nTg==',
    'st\nno name',
    '03\ngARLAi4=\n',
    '12\nx'
  ])('refuses %j, or keeps it closed', text => {
    const serializer = new ComputeSerializer();
    expect(() => serializer.deserialize(text)).toThrow(DeserializationError);
    const kept = serializer.deserializeSafely(text);
    expect(kept).toBeInstanceOf(OpaqueValue);
    expect((kept as OpaqueValue).summary).toMatch(/not decoded here: ./);
  });

  it('needs a kernel to write bytecode', () => {
    const code = new FunctionSource('f', 'def f(): pass');
    const serializer = new ComputeSerializer({ codeStrategy: '01' });
    expect(() => serializer.serialize(code)).toThrow(KernelRequired);
    expect(() => serializer.serialize(code)).toThrow(/kernel/);
  });

  it('writes by the first strategy that can', () => {
    const { serializeFromList } = ComputeSerializer;
    const names = ['globus_compute_sdk.serialize.JSONData', '00'];
    expect(serializeFromList([1], names)).toBe('11\n[1]');
    expect(serializeFromList(new Set([1]), names)).toMatch(/^00\n/);
    const code = new FunctionSource('f', 'def f(): pass');
    expect(serializeFromList(code, ['01', 'st'])).toMatch(/^st\n/);
    expect(() => serializeFromList(new Set(), ['11', 'st'])).toThrow(
      /All strategies failed/
    );
  });

  it('checks strategies by writing and reading again', () => {
    const serializer = new ComputeSerializer();
    const greet = { name: 'greet', source: 'def greet(a, b):\n  return a\n' };
    const [fn, args, kwargs] = serializer.checkStrategies(greet, [1], { b: 2 });
    expect((fn as FunctionSource).source).toBe(greet.source);
    expect(args).toEqual(PyTuple.pack(1));
    expect(kwargs).toEqual(new Map([['b', 2]]));
    expect(() => serializer.checkStrategies(greet, [() => 1])).toThrow(
      SerializationError
    );
    expect(() => serializer.unpackAndDeserialize('5\n11\n[]')).toThrow(/has 1/);
  });
});

/** What is left in a form of a function; null when it is no source. */
function sourceOf(
  id: string,
  source: string | null,
  dillSource: string | null
): string | null {
  switch (id) {
    case 'st':
    case '03':
    case '12':
      return source;
    case 'sd':
    case '04':
    case '10':
      return dillSource;
    default:
      return null;
  }
}

/** What is left of a value in JSON: arrays, objects and numbers. */
function asJson(value: unknown): unknown {
  if (value instanceof PyFloat) {
    return value.value;
  }
  if (Array.isArray(value)) {
    return Array.from(value, asJson);
  }
  if (value instanceof Map) {
    return new Map(
      Array.from(value as Map<unknown, unknown>, ([k, v]) => [k, asJson(v)])
    );
  }
  if (typeof value === 'object' && value !== null) {
    return asJson(new Map(Object.entries(value)));
  }
  return value;
}
