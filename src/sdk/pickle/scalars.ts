/**
 * Instructions that push one value which holds no other.
 */

import { decodeInt, parseInteger } from './integers.js';
import { decodeLatin1 } from './latin1.js';
import { Cost } from './limits.js';
import type { Instruction, PickleMachine } from './machine.js';
import * as Opcode from './opcodes.js';
import { PyByteArray, PyFloat, PyReference } from './values.js';

/** Special floats as protocol 0 spells them. */
const NAMED_FLOATS: ReadonlyMap<string, number> = new Map([
  ['nan', NaN],
  ['inf', Infinity],
  ['-inf', -Infinity]
]);

/**
 * The instructions, by opcode.
 */
export const SCALAR_INSTRUCTIONS: Readonly<Record<number, Instruction>> = {
  [Opcode.NONE]: m => m.push(null),
  [Opcode.NEWTRUE]: m => m.push(true),
  [Opcode.NEWFALSE]: m => m.push(false),
  [Opcode.BININT1]: m => m.push(m.cursor.uint8()),
  [Opcode.BININT2]: m => m.push(m.cursor.uint16()),
  [Opcode.BININT]: m => m.push(m.cursor.int32()),
  [Opcode.LONG1]: m => pushInt(m, m.cursor.uint8()),
  [Opcode.LONG4]: m => pushInt(m, m.cursor.int32()),
  [Opcode.INT]: m => m.push(intOrBool(readLatin1Line(m))),
  [Opcode.LONG]: m => m.push(parseInteger(readLatin1Line(m))),
  [Opcode.BINFLOAT]: m => pushFloat(m, m.cursor.float64()),
  [Opcode.FLOAT]: m => pushFloat(m, parseFloatLine(m)),
  [Opcode.SHORT_BINUNICODE]: m => m.pushText(m.cursor.uint8()),
  [Opcode.BINUNICODE]: m => m.pushText(m.cursor.uint32()),
  [Opcode.BINUNICODE8]: m => m.pushText(m.cursor.length64()),
  [Opcode.UNICODE]: m => m.push(unescape(readLatin1Line(m))),
  [Opcode.STRING]: m => m.push(unquote(m, readLatin1Line(m))),
  [Opcode.SHORT_BINSTRING]: m => pushLatin1(m, m.cursor.uint8()),
  [Opcode.BINSTRING]: m => pushLatin1(m, m.cursor.uint32()),
  // Short bytes are copied: a few must not keep the whole pickle alive.
  [Opcode.SHORT_BINBYTES]: m => m.pushShortBytes(m.cursor.uint8()),
  // Longer ones are views: a copy would double the memory of a large result.
  [Opcode.BINBYTES]: m => pushView(m, m.cursor.uint32()),
  [Opcode.BINBYTES8]: m => pushView(m, m.cursor.length64()),
  [Opcode.BYTEARRAY8]: m => pushByteArray(m, m.cursor.length64()),
  [Opcode.PERSID]: m => pushReference(m, 'persistent-id', readLatin1Line(m)),
  [Opcode.BINPERSID]: m => pushReference(m, 'persistent-id', m.pop()),
  [Opcode.EXT1]: m => pushReference(m, 'extension', m.cursor.uint8()),
  [Opcode.EXT2]: m => pushReference(m, 'extension', m.cursor.uint16()),
  [Opcode.EXT4]: m => pushReference(m, 'extension', m.cursor.uint32())
};

/**
 * The rest of the line, one character for each byte.
 */
export function readLatin1Line(m: PickleMachine): string {
  const line = m.cursor.line();
  m.spend(Cost.TEXT + line.length);
  return decodeLatin1(line);
}

function pushInt(m: PickleMachine, size: number): void {
  if (size < 0 || size > m.limits.maxIntBytes) {
    throw m.error(`an integer of ${size} bytes is out of bounds`);
  }
  m.spend(Cost.TEXT + size);
  m.push(decodeInt(m.cursor.take(size)));
}

function pushFloat(m: PickleMachine, value: number): void {
  m.push(m.keepFloats && Number.isInteger(value) ? new PyFloat(value) : value);
}

function pushLatin1(m: PickleMachine, size: number): void {
  m.spend(Cost.TEXT + size);
  m.push(decodeLatin1(m.cursor.take(size)));
}

function pushByteArray(m: PickleMachine, size: number): void {
  const view = m.cursor.take(size);
  m.spend(Cost.COPY + size);
  m.push(new PyByteArray(view));
}

function pushView(m: PickleMachine, size: number): void {
  m.spend(Cost.VIEW);
  m.push(m.cursor.take(size));
}

function pushReference(
  m: PickleMachine,
  kind: 'persistent-id' | 'extension',
  id: unknown
): void {
  m.spend(Cost.OBJECT);
  m.push(new PyReference(kind, id));
}

/** Protocol 0 spells booleans as integers of two digits. */
function intOrBool(text: string): number | bigint | boolean {
  return text === '00' || text === '01' ? text === '01' : parseInteger(text);
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
