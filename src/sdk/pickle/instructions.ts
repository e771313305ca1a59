/**
 * What each opcode does to the machine.
 */

import { CONTAINER_INSTRUCTIONS } from './containers.js';
import type { Instruction, PickleMachine } from './machine.js';
import { OBJECT_INSTRUCTIONS } from './objects.js';
import * as Opcode from './opcodes.js';
import { readRun } from './runs.js';
import { readLatin1Line, SCALAR_INSTRUCTIONS } from './scalars.js';

/** Newest protocol there is. */
const HIGHEST_PROTOCOL = 5;

/** Stack, memo and framing. */
const MEMO_INSTRUCTIONS: Readonly<Record<number, Instruction>> = {
  [Opcode.MARK]: m => {
    if (!readRun(m)) {
      m.mark();
    }
  },
  [Opcode.MEMOIZE]: m => m.memoize(),
  [Opcode.PUT]: m => m.put(memoIndex(m)),
  [Opcode.BINPUT]: m => m.put(m.cursor.uint8()),
  [Opcode.LONG_BINPUT]: m => m.put(m.cursor.uint32()),
  [Opcode.GET]: m => m.get(memoIndex(m)),
  [Opcode.BINGET]: m => m.get(m.cursor.uint8()),
  [Opcode.LONG_BINGET]: m => m.get(m.cursor.uint32()),
  [Opcode.POP]: m => m.drop(),
  [Opcode.POP_MARK]: m => m.cutTo(m.closeMark()),
  [Opcode.DUP]: m => m.push(m.top()),
  [Opcode.PROTO]: m => checkProtocol(m),
  [Opcode.FRAME]: m => m.cursor.expect(m.cursor.length64())
};

/**
 * The instruction of each opcode; STOP has none, it ends the reading.
 */
export const INSTRUCTIONS: readonly Instruction[] = table(
  MEMO_INSTRUCTIONS,
  SCALAR_INSTRUCTIONS,
  CONTAINER_INSTRUCTIONS,
  OBJECT_INSTRUCTIONS
);

/** A table by opcode, complete: an array without holes is read fastest. */
function table(
  ...parts: readonly Readonly<Record<number, Instruction>>[]
): Instruction[] {
  const known: Record<number, Instruction | undefined> = Object.assign(
    {},
    ...parts
  ) as Record<number, Instruction | undefined>;
  return Array.from({ length: 256 }, (_, opcode) => {
    return known[opcode] ?? (m => refuse(m, opcode));
  });
}

function refuse(m: PickleMachine, opcode: number): never {
  throw m.error(`the opcode 0x${opcode.toString(16)} is not known`);
}

function checkProtocol(m: PickleMachine): void {
  const protocol = m.cursor.uint8();
  if (protocol > HIGHEST_PROTOCOL) {
    throw m.error(`protocol ${protocol} is not known`);
  }
}

function memoIndex(m: PickleMachine): number {
  const text = readLatin1Line(m);
  if (!/^\d{1,15}$/.test(text)) {
    throw m.error('a number of the memo is malformed');
  }
  return Number(text);
}
