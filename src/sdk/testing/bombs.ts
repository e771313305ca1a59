/**
 * Pickles made to take all memory or time, none above 10 MiB: the service's
 * limit for a result.
 */

import * as Opcode from '../pickle/opcodes.js';

/** What a result may have, at most. */
const RESULT_BYTES = 10 * 1024 * 1024;

type Part = string | readonly number[] | Uint8Array;

const STOP = [Opcode.STOP];

/** A class by name, its only argument, and both in the memo as 0 and 1. */
const shared = (module: string, name: string, argument: Uint8Array) =>
  join(`c${module}\n${name}\n`, [Opcode.BINPUT, 0], argument, [
    Opcode.TUPLE1,
    Opcode.BINPUT,
    1
  ]);

const SHARED_CALL = [
  Opcode.BINGET,
  0,
  Opcode.BINGET,
  1,
  Opcode.REDUCE
] as const;

/**
 * The bombs by what they do.
 */
export const BOMBS: Readonly<Record<string, () => Uint8Array>> = {
  'an integer that claims 2 GB': () =>
    join([Opcode.LONG4, 255, 255, 255, 127], [1], STOP),
  'an integer of 1 MB': () =>
    join([Opcode.LONG4, 0, 0, 16, 0], fill([0x7f], 1 << 20), STOP),
  'integers of 64 KB': () =>
    join(fill(join([Opcode.LONG4, 0, 0, 1, 0], fill([7], 65536)), 10e6), STOP),
  'a million nested lists': () =>
    join(fill([Opcode.EMPTY_LIST], 1e6), fill([Opcode.APPEND], 999_999), STOP),
  'a million nested tuples': () =>
    join([Opcode.EMPTY_TUPLE], fill([Opcode.TUPLE1], 1e6), STOP),
  'a million nested dicts': () =>
    join(
      fill([Opcode.EMPTY_DICT, Opcode.NONE], 2e6),
      [Opcode.NONE],
      fill([Opcode.SETITEM], 1e6),
      STOP
    ),
  'ten million marks': () => join(fill([Opcode.MARK], 10e6), STOP),
  'ten million values': () => join(fill([Opcode.NONE], 10e6), STOP),
  'ten million dicts': () => join(fill([Opcode.EMPTY_DICT], 10e6), STOP),
  'ten million sets': () => join(fill([Opcode.EMPTY_SET], 10e6), STOP),
  'ten million lists': () => join(fill([Opcode.EMPTY_LIST], 10e6), STOP),
  'ten million tuples': () => join(fill([Opcode.EMPTY_TUPLE], 10e6), STOP),
  'dicts made and dropped': () =>
    join(fill([Opcode.EMPTY_DICT, Opcode.POP], 10e6), STOP),
  'lists in groups': () =>
    join(fill([Opcode.MARK, Opcode.EMPTY_DICT, Opcode.LIST], 10e6), STOP),
  'doubled lists: 2^60 when expanded': () => {
    const levels = Array.from({ length: 60 }, (_, i) =>
      join(
        [Opcode.EMPTY_LIST, Opcode.BINPUT, i + 1, Opcode.MARK],
        [Opcode.BINGET, i, Opcode.BINGET, i, Opcode.APPENDS]
      )
    );
    return join([Opcode.EMPTY_LIST, Opcode.BINPUT, 0], ...levels, STOP);
  },
  'one list made into many sets': () =>
    join(
      shared(
        'builtins',
        'set',
        join([Opcode.EMPTY_LIST, Opcode.MARK], numbers(2e6), [Opcode.APPENDS])
      ),
      fill(SHARED_CALL, 8e6),
      STOP
    ),
  'one text made into many bytes': () =>
    join(
      shared('builtins', 'bytes', text(fill([0x61], 5e6))),
      fill(SHARED_CALL, 5e6),
      STOP
    ),
  'one text parsed many times': () =>
    join(
      shared('fractions', 'Fraction', text(fill([0x31], 5e6))),
      fill(SHARED_CALL, 5e6),
      STOP
    ),
  'one state set many times': () =>
    join(
      'cnumpy.core.multiarray\n_reconstruct\n)R',
      [Opcode.MARK, Opcode.BININT1, 1, Opcode.MARK],
      fill([Opcode.BININT1, 1], 2e6),
      [Opcode.TUPLE],
      'cnumpy\ndtype\n',
      text(Uint8Array.of(0x66, 0x38)),
      [Opcode.TUPLE1, Opcode.REDUCE, Opcode.NEWFALSE],
      [Opcode.SHORT_BINBYTES, 0, Opcode.TUPLE],
      [Opcode.BINPUT, 1, Opcode.BUILD],
      fill([Opcode.BINGET, 1, Opcode.BUILD], 6e6),
      STOP
    ),
  'a name that grows': () =>
    join(
      'cbuiltins\ngetattr\n',
      [Opcode.BINPUT, 0],
      'ca\nb\n',
      [Opcode.BINPUT, 1],
      fill(
        join([Opcode.BINGET, 0, Opcode.BINGET, 1], text(Uint8Array.of(0x61)), [
          Opcode.TUPLE2,
          Opcode.REDUCE,
          Opcode.BINPUT,
          1
        ]),
        9e6
      ),
      STOP
    ),
  'inert objects': () =>
    join(
      'ca\nb\n',
      [Opcode.BINPUT, 0, Opcode.EMPTY_TUPLE, Opcode.BINPUT, 1],
      fill(SHARED_CALL, 10e6),
      STOP
    ),
  'a long name looked at many times': () =>
    join(
      'c',
      fill([0x61], 5e6),
      '\nError\n',
      [Opcode.BINPUT, 0, Opcode.EMPTY_TUPLE, Opcode.BINPUT, 1],
      fill(SHARED_CALL, 5e6),
      STOP
    ),
  'texts of one character': () =>
    join(fill([Opcode.SHORT_BINUNICODE, 1, 0x61], 10e6), STOP),
  'texts of two bytes': () =>
    join(fill([Opcode.SHORT_BINUNICODE, 2, 0xc3, 0xa9], 10e6), STOP),
  'bytes of one byte': () =>
    join(fill([Opcode.SHORT_BINBYTES, 1, 0x61], 10e6), STOP),
  'a memo filled from its end': () =>
    join(
      [Opcode.EMPTY_LIST],
      fill([Opcode.NONE, Opcode.POP], 4e6),
      memoFromItsEnd(5e6),
      STOP
    ),
  'half a million __proto__ keys': () => {
    const key = new TextEncoder().encode('__proto__');
    return join(
      [Opcode.EMPTY_DICT],
      text(key),
      [Opcode.BINPUT, 0, Opcode.POP],
      fill(
        [
          Opcode.EMPTY_DICT,
          Opcode.BINGET,
          0,
          Opcode.EMPTY_DICT,
          Opcode.SETITEM
        ],
        5e6
      ),
      STOP
    );
  },
  'groups of numbers that go nowhere': () =>
    join(
      fill(join([Opcode.MARK], numbers(1000), [Opcode.POP_MARK]), 10e6),
      STOP
    )
};

/** Bytes of opcodes, texts and other bytes. */
function join(...parts: readonly Part[]): Uint8Array {
  const encoder = new TextEncoder();
  const chunks = parts.map(part =>
    typeof part === 'string' ? encoder.encode(part) : part
  );
  const size = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (size > RESULT_BYTES) {
    throw new RangeError(`a bomb has ${size} bytes`);
  }
  const bytes = new Uint8Array(size);
  let position = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, position);
    position += chunk.length;
  }
  return bytes;
}

/** A pattern again and again, as often as it fits in a size. */
function fill(pattern: ArrayLike<number>, size: number): Uint8Array {
  const whole = size - (size % pattern.length);
  const bytes = new Uint8Array(whole);
  for (let start = 0; start < whole; start += pattern.length) {
    bytes.set(pattern, start);
  }
  return bytes;
}

/** Instructions of so many bytes that keep a value under falling numbers. */
function memoFromItsEnd(size: number): Uint8Array {
  const bytes = fill([Opcode.LONG_BINPUT, 0, 0, 0, 0], size);
  const view = new DataView(bytes.buffer);
  for (let start = 0; start < bytes.length; start += 5) {
    view.setUint32(start + 1, 3_900_000 - start / 5, true);
  }
  return bytes;
}

/** Instructions of so many bytes that push numbers, all different. */
function numbers(size: number): Uint8Array {
  const bytes = fill([Opcode.BININT, 0, 0, 0, 0], size);
  const view = new DataView(bytes.buffer);
  for (let start = 0; start < bytes.length; start += 5) {
    view.setInt32(start + 1, start * 7919, true);
  }
  return bytes;
}

function text(content: Uint8Array): Uint8Array {
  const size = content.length;
  return join(
    [Opcode.BINUNICODE],
    [size & 255, (size >> 8) & 255, (size >> 16) & 255, size >> 24],
    content
  );
}
