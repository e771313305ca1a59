/**
 * The stack, the marks and the memo of the pickle virtual machine.
 */

import { DeserializationError } from '../errors.js';
import { ByteCursor } from './cursor.js';
import { HANDLERS } from './handlers.js';
import type { IPickleLimits } from './limits.js';
import { PyDtype, PyNDArray } from './numpy.js';
import { PyGlobal, PyObject, PyTuple } from './values.js';

/**
 * The state of one reading. Instructions act on it; it never calls anything
 * that a pickle names.
 */
export class PickleMachine {
  /**
   * @param bytes - The pickle.
   * @param limits - What it may cost.
   * @param keepFloats - Wrap floats of integral value, to tell 1.0 from 1.
   */
  constructor(
    bytes: Uint8Array,
    readonly limits: IPickleLimits,
    readonly keepFloats: boolean
  ) {
    this.cursor = new ByteCursor(bytes);
  }

  /** The bytes of the pickle. */
  readonly cursor: ByteCursor;

  /** Put a value on the stack. */
  push(value: unknown): void {
    if (this._stack.length >= this.limits.maxStack) {
      throw this.error('too many values are waiting');
    }
    this._stack.push(value);
  }

  /** Take the value on top of the stack. */
  pop(): unknown {
    this._expectValue();
    return this._stack.pop();
  }

  /** The value on top of the stack, left there. */
  top(): unknown {
    this._expectValue();
    return this._stack[this._stack.length - 1];
  }

  /** Start a group of values. */
  mark(): void {
    if (this._marks.length >= this.limits.maxStack) {
      throw this.error('too many groups are open');
    }
    this._marks.push(this._base);
    this._base = this._stack.length;
  }

  /** Take all values of the group. */
  popMark(): unknown[] {
    const outerBase = this._marks.pop();
    if (outerBase === undefined) {
      throw this.error('a group was never started');
    }
    const group = this._stack.slice(this._base);
    this._stack.length = this._base;
    this._base = outerBase;
    return group;
  }

  /** Take the topmost values, in the order they were pushed. */
  popMany(count: number): unknown[] {
    const items = new Array<unknown>(count);
    for (let i = count - 1; i >= 0; i--) {
      items[i] = this.pop();
    }
    return items;
  }

  /** Drop the top value, or an empty group, as POP does. */
  drop(): void {
    if (this._stack.length > this._base) {
      this._stack.pop();
    } else {
      this.popMark();
    }
  }

  /** Keep the top value under the next number. */
  memoize(): void {
    this.put(this._memo.length);
  }

  /** Keep the top value under a number. */
  put(index: number): void {
    // Python numbers from 0 on; a number beyond the bytes read is no such.
    if (index >= this.limits.maxMemo || index > this.cursor.position) {
      throw this.error('too many values are kept');
    }
    this._memo[index] = this.top();
  }

  /** Push the value kept under a number. */
  get(index: number): void {
    const value = this._memo[index];
    if (value === undefined) {
      throw this.error(`no value is kept under ${index}`);
    }
    this.push(value);
  }

  /** Count containers, items and objects towards the limit. */
  count(added: number): void {
    this._objects += added;
    if (this._objects > this.limits.maxObjects) {
      throw this.error('too many objects');
    }
  }

  /** Push a new container. */
  pushContainer(container: unknown): void {
    this.count(1);
    this.push(container);
  }

  /** Replace the group by a new container of its values. */
  wrap(container: unknown, add: (items: unknown[]) => void): void {
    const items = this.popMark();
    this.pushContainer(container);
    add(items);
  }

  /** Push a tuple of the items. */
  pushTuple(items: readonly unknown[]): void {
    this.count(1 + items.length);
    const tuple = new PyTuple();
    for (const item of items) {
      tuple.push(item);
    }
    this.push(tuple);
  }

  /** Add items to the list on top of the stack. */
  extend(items: readonly unknown[]): void {
    this.count(items.length);
    const target = this.top();
    const list = target instanceof PyObject ? (target.items ??= []) : target;
    if (!Array.isArray(list) || list instanceof PyTuple) {
      throw this.error('items are added to something that is no list');
    }
    for (const item of items) {
      list.push(item);
    }
  }

  /** Set keys and values, one after the other, of the dict on top. */
  setItems(items: readonly unknown[]): void {
    this.count(items.length);
    const target = this.top();
    if (items.length % 2 !== 0) {
      throw this.error('a key has no value');
    }
    if (!(target instanceof Map || target instanceof PyObject)) {
      throw this.error('keys are set on something that is no dict');
    }
    for (let i = 0; i < items.length; i += 2) {
      if (target instanceof Map) {
        target.set(items[i], items[i + 1]);
      } else {
        (target.entries ??= []).push([items[i], items[i + 1]]);
      }
    }
  }

  /** Add items to the set on top of the stack. */
  addItems(items: readonly unknown[]): void {
    this.count(items.length);
    const target = this.top();
    if (!(target instanceof Set)) {
      throw this.error('items are added to something that is no set');
    }
    for (const item of items) {
      target.add(item);
    }
  }

  /**
   * Push what a call would have made: a known value, or an inert object.
   */
  reduce(callable: unknown, args: unknown, kwargs?: unknown): void {
    this.count(1);
    const list = Array.isArray(args) ? args : [args];
    const handler =
      callable instanceof PyGlobal && kwargs === undefined
        ? HANDLERS.get(callable.path)
        : undefined;
    this.push(handler?.(list) ?? new PyObject(callable, list, kwargs));
  }

  /** Give the state on top of the stack to the object below it. */
  build(): void {
    const state = this.pop();
    const target = this.top();
    if (
      target instanceof PyObject ||
      target instanceof PyNDArray ||
      target instanceof PyDtype
    ) {
      target.setState(state);
    } else if (typeof target !== 'object' || target === null) {
      throw this.error('a state is set on a plain value');
    }
    // Attributes of a subclass of dict or set have no place in a Map or Set.
  }

  /** The error for a pickle that is not as it should be. */
  error(detail: string): DeserializationError {
    return new DeserializationError(
      `The pickle is malformed or too large: ${detail} ` +
        `(at byte ${this.cursor.position}).`
    );
  }

  private _expectValue(): void {
    if (this._stack.length <= this._base) {
      throw this.error('a value is missing');
    }
  }

  private _base = 0;
  private readonly _marks: number[] = [];
  private readonly _memo: unknown[] = [];
  private _objects = 0;
  private readonly _stack: unknown[] = [];
}
