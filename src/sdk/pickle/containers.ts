/**
 * Instructions that make and fill lists, tuples, dicts and sets.
 */

import { Cost } from './limits.js';
import type { Instruction, PickleMachine } from './machine.js';
import * as Opcode from './opcodes.js';
import { PyFrozenSet, PyObject, PyTuple } from './values.js';

/** Entries set between two looks at the clock, less one. */
const CLOCK_MASK = 0xfff;

/**
 * The instructions, by opcode.
 */
export const CONTAINER_INSTRUCTIONS: Readonly<Record<number, Instruction>> = {
  [Opcode.EMPTY_TUPLE]: m => m.push(m.emptyTuple),
  [Opcode.TUPLE]: m => m.push(m.cutTuple(m.closeMark())),
  [Opcode.TUPLE1]: m => m.push(m.popTuple(1)),
  [Opcode.TUPLE2]: m => m.push(m.popTuple(2)),
  [Opcode.TUPLE3]: m => m.push(m.popTuple(3)),
  [Opcode.EMPTY_LIST]: m => {
    m.spend(Cost.SEQUENCE);
    // Unlike a literal, this has room for a few items, not for seventeen.
    m.push(new Array<unknown>());
  },
  [Opcode.LIST]: m => m.push(m.cutList(m.closeMark())),
  [Opcode.APPEND]: m => appendFrom(m, m.height - 1),
  [Opcode.APPENDS]: m => appendFrom(m, m.closeMark()),
  [Opcode.EMPTY_DICT]: m => {
    m.spend(Cost.TABLE);
    m.push(new Map());
  },
  [Opcode.DICT]: m => {
    m.spend(Cost.TABLE);
    const map = new Map<unknown, unknown>();
    setFrom(m, m.closeMark(), map);
    m.push(map);
  },
  [Opcode.SETITEM]: m => setFrom(m, m.height - 2, m.below(m.height - 2)),
  [Opcode.SETITEMS]: m => {
    const start = m.closeMark();
    setFrom(m, start, m.below(start));
  },
  [Opcode.EMPTY_SET]: m => {
    m.spend(Cost.TABLE);
    m.push(new Set());
  },
  [Opcode.ADDITEMS]: m => {
    const start = m.closeMark();
    addFrom(m, start, m.below(start));
  },
  [Opcode.FROZENSET]: m => {
    m.spend(Cost.TABLE);
    const set = new PyFrozenSet();
    addFrom(m, m.closeMark(), set);
    m.push(set);
  }
};

/** Add the values from an index on to the list below them. */
function appendFrom(m: PickleMachine, start: number): void {
  const target = m.below(start);
  const list = target instanceof PyObject ? (target.items ??= []) : target;
  if (!Array.isArray(list) || list instanceof PyTuple) {
    throw m.error('items are added to something that is no list');
  }
  const end = m.height;
  m.spend((end - start) * Cost.ITEM);
  for (let i = start; i < end; i++) {
    list.push(m.at(i));
  }
  m.cutTo(start);
}

/** Set keys and values, one after the other from an index on. */
function setFrom(m: PickleMachine, start: number, target: unknown): void {
  const end = m.height;
  m.spend((end - start) * Cost.ENTRY);
  if ((end - start) % 2 !== 0) {
    throw m.error('a key has no value');
  }
  if (target instanceof Map) {
    for (let i = start; i < end; i += 2) {
      target.set(m.at(i), m.at(i + 1));
      watchClock(m, i);
    }
  } else if (target instanceof PyObject) {
    const entries = (target.entries ??= []);
    m.spend((end - start) * Cost.SEQUENCE);
    for (let i = start; i < end; i += 2) {
      entries.push([m.at(i), m.at(i + 1)]);
    }
  } else {
    throw m.error('keys are set on something that is no dict');
  }
  m.cutTo(start);
}

/** Add the values from an index on to a set. */
function addFrom(m: PickleMachine, start: number, target: unknown): void {
  if (!(target instanceof Set)) {
    throw m.error('items are added to something that is no set');
  }
  const end = m.height;
  m.spend((end - start) * Cost.ENTRY);
  for (let i = start; i < end; i++) {
    target.add(m.at(i));
    watchClock(m, i);
  }
  m.cutTo(start);
}

/** Keys chosen to collide make a Map or Set slow: look at the clock. */
function watchClock(m: PickleMachine, step: number): void {
  if ((step & CLOCK_MASK) === 0) {
    m.checkTime();
  }
}
