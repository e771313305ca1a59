// @vitest-environment node
import { describe as suite, expect, it } from 'vitest';

import { DeserializationError } from '../errors.js';
import { describe } from './describe.js';
import * as Opcode from './opcodes.js';
import { loads } from './reader.js';
import { PyObject } from './values.js';
import { dumps } from './writer.js';

/** Far above what each needs, far below what a person would wait. */
const TIME_LIMIT_MS = 10_000;

const bytes = (...parts: (string | number[] | Uint8Array)[]) =>
  Uint8Array.from(
    Buffer.concat(
      parts.map(part =>
        typeof part === 'string'
          ? Buffer.from(part, 'latin1')
          : Buffer.from(part)
      )
    )
  );
const text = (value: string) =>
  bytes([Opcode.SHORT_BINUNICODE, value.length], value);
const repeat = (opcode: number, count: number) =>
  new Uint8Array(count).fill(opcode);

/** 60 lists, each holding the one before twice: 2^60 lists when expanded. */
function billionLaughs(): Uint8Array {
  const parts = [0x80, 4, 0x5d, 0x94];
  for (let i = 0; i < 60; i++) {
    parts.push(0x5d, 0x94, 0x28, 0x68, i, 0x68, i, 0x65);
  }
  return bytes(parts, '.');
}

const refused: [string, Uint8Array][] = [
  ['nothing', bytes()],
  ['no value at the end', bytes('.')],
  ['an unknown opcode', bytes([0xff])],
  ['a protocol of the future', bytes([0x80, 9], 'N.')],
  [
    'bytes longer than the rest',
    bytes([0x8e, 255, 255, 255, 255, 255, 255, 255, 255], '.')
  ],
  [
    'a frame longer than the rest',
    bytes([0x80, 4, 0x95, 255, 0, 0, 0, 0, 0, 0, 0], 'N.')
  ],
  ['an integer of negative size', bytes([0x8b, 255, 255, 255, 255], '.')],
  [
    'an integer of 1 MB',
    bytes([0x8b, 0, 0, 16, 0], repeat(0x7f, 1 << 20), '.')
  ],
  ['an endless decimal', bytes('I', '9'.repeat(5000), '\n.')],
  ['three million marks', bytes(repeat(Opcode.MARK, 3e6), '.')],
  ['five million copies', bytes('N', repeat(Opcode.DUP, 5e6), '.')],
  ['five million dicts', bytes(repeat(Opcode.EMPTY_DICT, 5e6), '.')],
  ['a memo number never set', bytes([0x68, 3], '.')],
  ['a group never started', bytes('N', 'e.')],
  ['an item added to a tuple', bytes(')', 'N', 'a.')],
  ['an item added to a number', bytes('K\x01', 'N', 'a.')],
  ['a key without a value', bytes('}', '(', 'N', 'u.')],
  ['a key set on a list', bytes(']', 'N', 'N', 's.')],
  ['a key set on a class', bytes('cos\nsystem\n', text('a'), 'N', 's.')],
  ['an item added to a list as if to a set', bytes(']', '(', 'N', [0x90], '.')],
  ['a class named by a number', bytes('K\x01', 'K\x01', [0x93], '.')],
  ['a buffer that was not sent', bytes([0x97], '.')],
  ['a state on a number', bytes('K\x01', 'N', 'b.')],
  ['text that is not UTF-8', bytes([0x8c, 2, 0xc0, 0x80], '.')],
  ['a truncated character', bytes([0x8c, 1, 0xe2], '.')]
];

suite('a hostile pickle', { timeout: 2 * TIME_LIMIT_MS }, () => {
  it.each(refused)('is refused: %s', (_name, pickle) => {
    const startMs = performance.now();
    expect(() => loads(pickle)).toThrow(DeserializationError);
    expect(performance.now() - startMs).toBeLessThan(TIME_LIMIT_MS);
  });

  it('is refused when it is too large', () => {
    const options = { limits: { maxBytes: 10 } };
    expect(() => loads(bytes('(', repeat(0x4e, 20), 'l.'), options)).toThrow(
      DeserializationError
    );
    const small = { limits: { maxHeapBytes: 200, maxMemo: 5 } };
    expect(() => loads(bytes('(', repeat(0x4e, 20), 'l.'), small)).toThrow(
      /too much memory/
    );
    const soon = { limits: { maxTimeMs: -1 } };
    expect(() => loads(bytes(repeat(0x4e, 1e5), '.'), soon)).toThrow(
      /takes too long/
    );
    expect(() => loads(bytes('N', repeat(0x94, 20), '.'), small)).toThrow(
      /too many values/
    );
  });

  it('calls nothing', () => {
    const call = bytes('cos\nsystem\n', text('echo hacked'), [0x85], 'R.');
    const value = loads(call) as PyObject;
    expect(value).toBeInstanceOf(PyObject);
    expect(value.className).toBe('os.system');
    expect(describe(value)).toBe("<os.system('echo hacked')>");
  });

  it('evaluates nothing', () => {
    const code = '__import__("os").system("x")';
    const evaluation = bytes(
      'cdill._dill\n_eval_repr\n',
      text(code),
      [0x85],
      'R.'
    );
    expect(loads(evaluation)).toBeInstanceOf(PyObject);
  });

  it('reaches no prototype', () => {
    const inner = bytes('}', text('polluted'), 'K\x01', 's');
    const key = loads(bytes('}', text('__proto__'), inner, 's.'));
    expect(key).toBeInstanceOf(Map);
    const state = bytes('}', text('__proto__'), inner, 's', 'b.');
    loads(bytes('cos\nsystem\n', ')', [0x81], state));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(
      loads(bytes('cconstructor\nconstructor\n', ')', 'R.'))
    ).toBeInstanceOf(PyObject);
  });

  it('is described within bounds, however deep or shared', () => {
    const startMs = performance.now();
    const deep = loads(bytes(repeat(0x5d, 2e5), repeat(0x61, 199_999), '.'));
    const shared = loads(billionLaughs());
    expect(describe(deep).length).toBeLessThan(100);
    expect(describe(shared, { maxNodes: 500 }).length).toBeLessThan(10_000);
    expect(performance.now() - startMs).toBeLessThan(TIME_LIMIT_MS);
  });

  it('of a huge array is described within bounds', () => {
    const value = loads(
      bytes(
        'cnumpy.core.multiarray\n_reconstruct\n)R(K\x01(',
        'J\xff\xff\xff\x7fJ\xff\xff\xff\x7ft',
        'cnumpy\ndtype\n(',
        text('f8'),
        'tR',
        [0x89],
        'C\x00',
        'tb.'
      )
    );
    expect(describe(value).length).toBeLessThan(20_000);
  });

  it('takes no time when many items are added one by one', () => {
    const startMs = performance.now();
    const item = [Opcode.NONE, Opcode.APPEND];
    const appends = new Uint8Array(4e5).map((_, i) => item[i % 2]);
    const inert = loads(bytes('ca\nb\n', ')', [0x81], appends, '.'));
    expect((inert as PyObject).items).toHaveLength(2e5);
    expect(performance.now() - startMs).toBeLessThan(TIME_LIMIT_MS);
  });
});

suite('the writer', () => {
  it('refuses what has no place in a pickle', () => {
    const cyclic: unknown[] = [];
    for (const value of [
      () => 1,
      Symbol('x'),
      new Error('x'),
      new URL('https://example.org')
    ]) {
      expect(() => dumps(value)).toThrow(/cannot be sent/);
    }
    expect(() => dumps(new Date(NaN))).toThrow(/cannot be sent/);
    cyclic.push(cyclic);
    const again = loads(dumps(cyclic)) as unknown[];
    expect(again[0]).toBe(again);
  });

  it('refuses values that are nested too deeply', () => {
    let value: unknown = [];
    for (let i = 0; i < 1001; i++) {
      value = [value];
    }
    expect(() => dumps(value)).toThrow(/nested/);
  });
});
