/**
 * Opcodes that push one value which holds no other.
 */

import { decodeInt, parseInteger } from './integers.js';
import type { PickleMachine } from './machine.js';
import { Opcode } from './opcodes.js';
import { decodeUtf8 } from './utf8.js';
import { PyByteArray, PyFloat, PyReference } from './values.js';

/** Special floats as protocol 0 spells them. */
const NAMED_FLOATS: ReadonlyMap<string, number> = new Map([
  ['nan', NaN],
  ['inf', Infinity],
  ['-inf', -Infinity]
]);

const LATIN1 = new TextDecoder('latin1');

/**
 * Read the value of an opcode.
 *
 * @returns `undefined` when the opcode is not one of these.
 * @throws DeserializationError when the value is malformed or too large.
 */
export function readScalar(m: PickleMachine, opcode: number): unknown {
  switch (opcode) {
    case Opcode.NONE:
      return null;
    case Opcode.NEWTRUE:
      return true;
    case Opcode.NEWFALSE:
      return false;
    case Opcode.PERSID:
      return new PyReference('persistent-id', readLatin1Line(m));
    case Opcode.EXT1:
      return new PyReference('extension', m.cursor.uint8());
    case Opcode.EXT2:
      return new PyReference('extension', m.cursor.uint16());
    case Opcode.EXT4:
      return new PyReference('extension', m.cursor.uint32());
    default:
      return readNumber(m, opcode) ?? readText(m, opcode);
  }
}

/**
 * The rest of the line, one character for each byte.
 */
export function readLatin1Line(m: PickleMachine): string {
  return LATIN1.decode(m.cursor.line());
}

function readNumber(m: PickleMachine, opcode: number): unknown {
  switch (opcode) {
    case Opcode.BININT1:
      return m.cursor.uint8();
    case Opcode.BININT2:
      return m.cursor.uint16();
    case Opcode.BININT:
      return m.cursor.int32();
    case Opcode.LONG1:
      return readInt(m, m.cursor.uint8());
    case Opcode.LONG4:
      return readInt(m, m.cursor.int32());
    case Opcode.INT:
      return intOrBool(readLatin1Line(m));
    case Opcode.LONG:
      return parseInteger(readLatin1Line(m));
    case Opcode.BINFLOAT:
      return asFloat(m, m.cursor.float64());
    case Opcode.FLOAT:
      return asFloat(m, parseFloatLine(m));
    default:
      return undefined;
  }
}

function readText(m: PickleMachine, opcode: number): unknown {
  switch (opcode) {
    case Opcode.SHORT_BINUNICODE:
      return decodeUtf8(m.cursor.take(m.cursor.uint8()));
    case Opcode.BINUNICODE:
      return decodeUtf8(m.cursor.take(m.cursor.uint32()));
    case Opcode.BINUNICODE8:
      return decodeUtf8(m.cursor.take(m.cursor.length64()));
    // Bytes are copied, so that a few do not keep the whole pickle alive.
    case Opcode.SHORT_BINBYTES:
      return m.cursor.take(m.cursor.uint8()).slice();
    case Opcode.BINBYTES:
      return m.cursor.take(m.cursor.uint32()).slice();
    case Opcode.BINBYTES8:
      return m.cursor.take(m.cursor.length64()).slice();
    case Opcode.BYTEARRAY8:
      return new PyByteArray(m.cursor.take(m.cursor.length64()));
    case Opcode.UNICODE:
      return unescape(readLatin1Line(m));
    case Opcode.STRING:
      return unquote(m, readLatin1Line(m));
    case Opcode.SHORT_BINSTRING:
      return LATIN1.decode(m.cursor.take(m.cursor.uint8()));
    case Opcode.BINSTRING:
      return LATIN1.decode(m.cursor.take(m.cursor.uint32()));
    default:
      return undefined;
  }
}

function readInt(m: PickleMachine, size: number): number | bigint {
  if (size < 0 || size > m.limits.maxIntBytes) {
    throw m.error(`an integer of ${size} bytes is out of bounds`);
  }
  return decodeInt(m.cursor.take(size));
}

/** Protocol 0 spells booleans as integers of two digits. */
function intOrBool(text: string): number | bigint | boolean {
  return text === '00' || text === '01' ? text === '01' : parseInteger(text);
}

function asFloat(m: PickleMachine, value: number): number | PyFloat {
  return m.keepFloats && Number.isInteger(value) ? new PyFloat(value) : value;
}

function parseFloatLine(m: PickleMachine): number {
  const text = readLatin1Line(m).trim();
  const value = NAMED_FLOATS.get(text) ?? Number(text);
  if (text === '' || (Number.isNaN(value) && text !== 'nan')) {
    throw m.error('a float is malformed');
  }
  return value;
}

function unquote(m: PickleMachine, text: string): string {
  const match = /^(['"])(.*)\1$/s.exec(text);
  if (!match) {
    throw m.error('a text is not quoted');
  }
  return match[2];
}

/** Undo Python's `raw-unicode-escape`. */
function unescape(text: string): string {
  return text.replace(
    /\\u([0-9a-fA-F]{4})|\\U(0010[0-9a-fA-F]{4}|000[0-9a-fA-F]{5})/g,
    (_match, short?: string, long?: string) =>
      String.fromCodePoint(parseInt(short ?? long ?? '0', 16))
  );
}
