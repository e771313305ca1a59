/**
 * Writes plain values as pickles of protocol 4, which every Python since 3.4
 * reads.
 */

import { SerializationError } from '../errors.js';
import { PyOrderedDict } from './collections.js';
import { PickleEncoder } from './encoder.js';
import * as Opcode from './opcodes.js';
import { reductionOf } from './reductions.js';
import { PyFloat, PyFrozenSet, PyGlobal, PyTuple } from './values.js';

/** Items written between two APPENDS, as in CPython. */
const BATCH_SIZE = 1000;

/** Deeper values would exhaust the stack of some browsers. */
const MAX_DEPTH = 1000;

/** Tuples up to this long have opcodes of their own. */
const SHORT_TUPLES = [
  Opcode.EMPTY_TUPLE,
  Opcode.TUPLE1,
  Opcode.TUPLE2,
  Opcode.TUPLE3
];

/**
 * Write a value as a pickle. The bytes are those that Python's dill writes
 * for the same plain value.
 *
 * `null` and `undefined` become None; integral numbers int, others float
 * (`new PyFloat(1)` for 1.0); arrays list; Maps and plain objects dict; a Date
 * an aware datetime; typed arrays bytes.
 *
 * @throws SerializationError when a value is of another kind, or nested more
 * than 1000 levels deep.
 */
export function dumps(value: unknown): Uint8Array {
  return new PickleWriter().write(value);
}

class PickleWriter {
  write(value: unknown): Uint8Array {
    this._save(value);
    return this._out.finish();
  }

  private _save(value: unknown): void {
    this._out.boundary();
    switch (typeof value) {
      case 'undefined':
        this._out.opcode(Opcode.NONE);
        break;
      case 'boolean':
        this._out.opcode(value ? Opcode.NEWTRUE : Opcode.NEWFALSE);
        break;
      case 'number':
        this._out.number(value);
        break;
      case 'bigint':
        this._out.bigint(value);
        break;
      case 'string':
        this._out.text(value);
        break;
      case 'object':
        this._saveObject(value);
        break;
      default:
        throw unsupported(typeof value);
    }
  }

  private _saveObject(value: object | null): void {
    if (value === null) {
      this._out.opcode(Opcode.NONE);
    } else if (value instanceof PyFloat) {
      this._out.float(value.value);
    } else if (!this._out.recall(value)) {
      this._saveNested(value);
    }
  }

  private _saveNested(value: object): void {
    if (this._depth >= MAX_DEPTH) {
      throw new SerializationError(
        `The value is nested more than ${MAX_DEPTH} levels deep. ` +
          'Send it in a flatter form.'
      );
    }
    this._depth += 1;
    this._saveFresh(value);
    this._depth -= 1;
  }

  private _saveFresh(value: object): void {
    if (value instanceof PyTuple) {
      this._saveTuple(value);
    } else if (Array.isArray(value)) {
      this._saveList(value);
    } else if (value instanceof PyOrderedDict) {
      this._saveOrderedDict(value);
    } else if (value instanceof Map) {
      this._saveDict(value);
    } else if (value instanceof PyFrozenSet) {
      this._saveFrozenSet(value);
    } else if (value instanceof Set) {
      this._saveSet(value);
    } else if (value instanceof PyGlobal) {
      this._saveGlobal(value);
    } else {
      this._saveOther(value);
    }
  }

  private _saveTuple(tuple: PyTuple): void {
    const isShort = tuple.length < SHORT_TUPLES.length;
    if (!isShort) {
      this._out.opcode(Opcode.MARK);
    }
    for (const item of tuple) {
      this._save(item);
    }
    if (this._out.knows(tuple)) {
      this._recallTuple(tuple, isShort);
    } else {
      this._out.opcode(isShort ? SHORT_TUPLES[tuple.length] : Opcode.TUPLE);
      if (tuple.length > 0) {
        this._out.memoize(tuple);
      }
    }
  }

  /** A tuple that holds itself, through a list, is known by its end. */
  private _recallTuple(tuple: PyTuple, isShort: boolean): void {
    if (isShort) {
      tuple.forEach(() => this._out.opcode(Opcode.POP));
    } else {
      this._out.opcode(Opcode.POP_MARK);
    }
    this._out.recall(tuple);
  }

  private _saveList(list: readonly unknown[]): void {
    this._out.opcode(Opcode.EMPTY_LIST);
    this._out.memoize(list);
    const { length } = list;
    for (let i = 0; i < length; i++) {
      this._openBatch(i, length, Opcode.APPEND);
      this._save(list[i]);
      this._closeBatch(i, length, Opcode.APPEND, Opcode.APPENDS);
    }
  }

  private _saveDict(map: ReadonlyMap<unknown, unknown>): void {
    this._out.opcode(Opcode.EMPTY_DICT);
    this._out.memoize(map);
    this._saveEntries(map);
  }

  private _saveOrderedDict(map: PyOrderedDict): void {
    this._save(new PyGlobal('collections', 'OrderedDict'));
    this._out.opcode(Opcode.EMPTY_TUPLE);
    this._out.opcode(Opcode.REDUCE);
    this._out.memoize(map);
    this._saveEntries(map);
  }

  private _saveEntries(map: ReadonlyMap<unknown, unknown>): void {
    let i = 0;
    map.forEach((item, key) => {
      this._saveEntry(i++, map.size, key, item);
    });
  }

  private _saveRecord(record: object): void {
    this._out.opcode(Opcode.EMPTY_DICT);
    this._out.memoize(record);
    const keys = Object.keys(record);
    keys.forEach((key, i) => {
      this._saveEntry(i, keys.length, key, Reflect.get(record, key));
    });
  }

  private _saveEntry(
    index: number,
    size: number,
    key: unknown,
    item: unknown
  ): void {
    this._openBatch(index, size, Opcode.SETITEM);
    this._save(key);
    this._save(item);
    this._closeBatch(index, size, Opcode.SETITEM, Opcode.SETITEMS);
  }

  private _saveSet(set: ReadonlySet<unknown>): void {
    this._out.opcode(Opcode.EMPTY_SET);
    this._out.memoize(set);
    let i = 0;
    set.forEach(item => {
      this._openBatch(i, set.size, undefined);
      this._save(item);
      this._closeBatch(i++, set.size, undefined, Opcode.ADDITEMS);
    });
  }

  private _saveFrozenSet(set: PyFrozenSet): void {
    this._out.opcode(Opcode.MARK);
    for (const item of set) {
      this._save(item);
    }
    this._out.opcode(Opcode.FROZENSET);
    this._out.memoize(set);
  }

  /**
   * Before an item: start a group, unless the item is alone and there is an
   * opcode for `single` items.
   */
  private _openBatch(index: number, size: number, single?: number): void {
    if (
      index % BATCH_SIZE === 0 &&
      (index + 1 < size || single === undefined)
    ) {
      this._out.opcode(Opcode.MARK);
    }
  }

  /** After an item: end the group, if it is the group's last. */
  private _closeBatch(
    index: number,
    size: number,
    single: number | undefined,
    many: number
  ): void {
    const isLast = index + 1 === size;
    const isAlone = isLast && index % BATCH_SIZE === 0;
    if (isAlone) {
      this._out.opcode(single ?? many);
    } else if (isLast || index % BATCH_SIZE === BATCH_SIZE - 1) {
      this._out.opcode(many);
    }
  }

  /** Names are equal by their path, not as objects. */
  private _saveGlobal(name: PyGlobal): void {
    const known = this._globals.get(name.path);
    if (known) {
      this._out.recall(known);
      return;
    }
    this._save(name.module);
    this._save(name.name);
    this._out.opcode(Opcode.STACK_GLOBAL);
    this._out.memoize(name);
    this._globals.set(name.path, name);
  }

  private _saveOther(value: object): void {
    const reduction = reductionOf(value);
    if (reduction) {
      this._save(reduction.callable);
      this._save(reduction.args);
      this._out.opcode(Opcode.REDUCE);
      this._out.memoize(value);
    } else if (ArrayBuffer.isView(value)) {
      this._out.bytes(value);
    } else if (isPlainObject(value)) {
      this._saveRecord(value);
    } else {
      throw unsupported(value.constructor.name);
    }
  }

  private _depth = 0;
  private readonly _globals = new Map<string, PyGlobal>();
  private readonly _out = new PickleEncoder();
}

/** Also true for plain objects of another window or realm. */
function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function unsupported(kind: string): SerializationError {
  return new SerializationError(
    `A value of kind "${kind}" cannot be sent. Send plain values: null, ` +
      'booleans, numbers, strings, bytes, arrays, Maps, Sets and objects.'
  );
}
