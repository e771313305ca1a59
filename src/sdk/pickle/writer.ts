/**
 * Writes plain values as pickles of protocol 4, which every Python since 3.4
 * reads.
 */

import { SerializationError } from '../errors.js';
import { PickleEncoder } from './encoder.js';
import { Opcode } from './opcodes.js';
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
        this._out.opcodes(Opcode.NONE);
        break;
      case 'boolean':
        this._out.opcodes(value ? Opcode.NEWTRUE : Opcode.NEWFALSE);
        break;
      case 'number':
        this._out.number(value);
        break;
      case 'bigint':
        this._out.int(value);
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
      this._out.opcodes(Opcode.NONE);
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
    } else if (value instanceof Map) {
      this._saveDict(value, value);
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
      this._out.opcodes(Opcode.MARK);
    }
    for (const item of tuple) {
      this._save(item);
    }
    if (this._out.knows(tuple)) {
      this._recallTuple(tuple, isShort);
    } else {
      this._out.opcodes(isShort ? SHORT_TUPLES[tuple.length] : Opcode.TUPLE);
      if (tuple.length > 0) {
        this._out.memoize(tuple);
      }
    }
  }

  /** A tuple that holds itself, through a list, is known by its end. */
  private _recallTuple(tuple: PyTuple, isShort: boolean): void {
    const pops = isShort ? tuple.map(() => Opcode.POP) : [Opcode.POP_MARK];
    this._out.opcodes(...pops);
    this._out.recall(tuple);
  }

  private _saveList(list: readonly unknown[]): void {
    this._out.opcodes(Opcode.EMPTY_LIST);
    this._out.memoize(list);
    this._saveBatches(list, Opcode.APPEND, Opcode.APPENDS, item => {
      this._save(item);
    });
  }

  private _saveDict(
    key: object,
    entries: Iterable<readonly [unknown, unknown]>
  ): void {
    this._out.opcodes(Opcode.EMPTY_DICT);
    this._out.memoize(key);
    const { SETITEM, SETITEMS } = Opcode;
    this._saveBatches([...entries], SETITEM, SETITEMS, ([name, item]) => {
      this._save(name);
      this._save(item);
    });
  }

  private _saveSet(set: ReadonlySet<unknown>): void {
    this._out.opcodes(Opcode.EMPTY_SET);
    this._out.memoize(set);
    this._saveBatches([...set], undefined, Opcode.ADDITEMS, item => {
      this._save(item);
    });
  }

  private _saveFrozenSet(set: PyFrozenSet): void {
    this._out.opcodes(Opcode.MARK);
    for (const item of set) {
      this._save(item);
    }
    this._out.opcodes(Opcode.FROZENSET);
    this._out.memoize(set);
  }

  /** Write items in groups; a lone item by `single`, where there is one. */
  private _saveBatches<T>(
    items: readonly T[],
    single: number | undefined,
    many: number,
    save: (item: T) => void
  ): void {
    for (let start = 0; start < items.length; start += BATCH_SIZE) {
      const batch = items.slice(start, start + BATCH_SIZE);
      const alone = batch.length === 1 ? single : undefined;
      if (alone === undefined) {
        this._out.opcodes(Opcode.MARK);
      }
      batch.forEach(save);
      this._out.opcodes(alone ?? many);
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
    this._out.opcodes(Opcode.STACK_GLOBAL);
    this._out.memoize(name);
    this._globals.set(name.path, name);
  }

  private _saveOther(value: object): void {
    const reduction = reductionOf(value);
    if (reduction) {
      this._save(reduction.callable);
      this._save(reduction.args);
      this._out.opcodes(Opcode.REDUCE);
      this._out.memoize(value);
    } else if (ArrayBuffer.isView(value)) {
      this._out.bytes(value);
    } else if (isPlainObject(value)) {
      this._saveDict(value, Object.entries(value));
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
