/**
 * Long runs of numbers, read straight into their list: most of the bytes of
 * large results are such, and values on the stack cost several times as much.
 */

import { Cost } from './limits.js';
import type { PickleMachine } from './machine.js';
import * as Opcode from './opcodes.js';
import { PyTuple } from './values.js';

/** Opcode and double. */
const FLOAT_BYTES = 9;

/** Opcode and operand of the integers of fixed size; else 0. */
const INT_BYTES = new Uint8Array(256);
INT_BYTES[Opcode.BININT1] = 2;
INT_BYTES[Opcode.BININT2] = 3;
INT_BYTES[Opcode.BININT] = 5;

/**
 * After a MARK: read the group, if it is of numbers only and ends in APPENDS
 * to a list.
 *
 * @returns Whether the group was read; otherwise nothing was.
 */
export function readRun(m: PickleMachine): boolean {
  const opcode = m.cursor.peek();
  if (opcode === Opcode.BINFLOAT) {
    return !m.keepFloats && readFloats(m);
  }
  return INT_BYTES[opcode] > 0 && readInts(m);
}

function readFloats(m: PickleMachine): boolean {
  const { bytes, position } = m.cursor;
  let end = position;
  while (bytes[end] === Opcode.BINFLOAT) {
    end += FLOAT_BYTES;
  }
  const list = targetOf(m, end);
  if (!list) {
    return false;
  }
  m.spend(((end - position) / FLOAT_BYTES) * Cost.ITEM);
  while (m.cursor.position < end) {
    m.cursor.advance(1);
    list.push(m.cursor.float64());
  }
  m.cursor.advance(1);
  return true;
}

function readInts(m: PickleMachine): boolean {
  const { bytes, position } = m.cursor;
  let end = position;
  let count = 0;
  for (let size = INT_BYTES[bytes[end]]; size > 0; count++) {
    end += size;
    size = INT_BYTES[bytes[end]];
  }
  const list = targetOf(m, end);
  if (!list) {
    return false;
  }
  m.spend(count * Cost.ITEM);
  while (m.cursor.position < end) {
    list.push(readInt(m));
  }
  m.cursor.advance(1);
  return true;
}

function readInt({ cursor }: PickleMachine): number {
  switch (cursor.uint8()) {
    case Opcode.BININT1:
      return cursor.uint8();
    case Opcode.BININT2:
      return cursor.uint16();
    default:
      return cursor.int32();
  }
}

/** The list that a group which ends there is added to. */
function targetOf(m: PickleMachine, end: number): unknown[] | undefined {
  if (m.cursor.bytes[end] !== Opcode.APPENDS) {
    return undefined;
  }
  const target = m.top();
  return Array.isArray(target) && !(target instanceof PyTuple)
    ? target
    : undefined;
}
