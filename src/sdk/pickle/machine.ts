/**
 * The stack, the marks and the memo of the pickle virtual machine.
 */

import { DeserializationError } from '../errors.js';
import { ByteArena } from './bytearena.js';
import { ByteCursor } from './cursor.js';
import { Cost, type IPickleLimits } from './limits.js';
import { TextWindow } from './textwindow.js';
import { PyTuple } from './values.js';

/**
 * What an opcode does to the machine.
 *
 * @throws DeserializationError when the pickle is malformed or beyond the
 * limits.
 */
export type Instruction = (machine: PickleMachine) => void;

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
    this._texts = new TextWindow(bytes);
    this._maxStack = limits.maxStack;
  }

  /** The empty tuple: one object, as in Python. */
  get emptyTuple(): PyTuple {
    return (this._emptyTuple ??= new PyTuple());
  }

  /** The bytes of the pickle. */
  readonly cursor: ByteCursor;

  /** Put a value on the stack. */
  push(value: unknown): void {
    if (this._height >= this._maxStack) {
      throw this.error('too many values are waiting');
    }
    this._stack[this._height++] = value;
  }

  /** Take the value on top of the stack. */
  pop(): unknown {
    if (this._height <= this._base) {
      throw this._missing();
    }
    return this._stack[--this._height];
  }

  /** The value on top of the stack, left there. */
  top(): unknown {
    if (this._height <= this._base) {
      throw this._missing();
    }
    return this._stack[this._height - 1];
  }

  /** Start a group of values. */
  mark(): void {
    if (this._marks.length >= this.limits.maxDepth) {
      throw this.error('too many groups are open');
    }
    this._marks.push(this._base);
    this._base = this._height;
  }

  /**
   * End the group, and leave its values on the stack.
   *
   * @returns Index of the first of them; the last is just below `height`.
   */
  closeMark(): number {
    const outerBase = this._marks.pop();
    if (outerBase === undefined) {
      throw this.error('a group was never started');
    }
    const start = this._base;
    this._base = outerBase;
    return start;
  }

  /** Number of values on the stack. */
  get height(): number {
    return this._height;
  }

  /** A value on the stack, by its index. */
  at(index: number): unknown {
    return this._stack[index];
  }

  /** The value below an index: what the values from there on belong to. */
  below(index: number): unknown {
    if (index <= this._base) {
      throw this._missing();
    }
    return this._stack[index - 1];
  }

  /** Drop the values from an index on. */
  cutTo(index: number): void {
    this._height = index;
  }

  /** Take the values from an index on as a list. */
  cutList(index: number): unknown[] {
    this.spend(Cost.SEQUENCE + (this._height - index) * Cost.ITEM);
    const list = this._stack.slice(index, this._height);
    this._height = index;
    return list;
  }

  /** Take the values from an index on as a tuple. */
  cutTuple(index: number): PyTuple {
    this.spend(Cost.SEQUENCE + (this._height - index) * Cost.ITEM);
    const tuple = new PyTuple();
    for (let i = index; i < this._height; i++) {
      tuple.push(this._stack[i]);
    }
    this._height = index;
    return tuple;
  }

  /** Take the topmost values as a tuple, in the order they were pushed. */
  popTuple(count: number): PyTuple {
    const start = this._height - count;
    if (start < this._base) {
      throw this._missing();
    }
    return this.cutTuple(start);
  }

  /** Drop the top value, or an empty group, as POP does. */
  drop(): void {
    if (this._height > this._base) {
      this._height -= 1;
    } else {
      this.cutTo(this.closeMark());
    }
  }

  /** Keep the top value under the next number. */
  memoize(): void {
    if (this._memo.length >= this.limits.maxMemo) {
      throw this.error('too many values are kept');
    }
    this._memo.push(this.top());
  }

  /** Keep the top value under a number. */
  put(index: number): void {
    // Python numbers from 0 on; a number beyond the bytes read is no such.
    if (index >= this.limits.maxMemo || index > this.cursor.position) {
      throw this.error('too many values are kept');
    }
    const value = this.top();
    if (index < this._memo.length) {
      this._memo[index] = value;
    } else if (index === this._memo.length) {
      this._memo.push(value);
    } else {
      // Python numbers in order; an array with holes would be slow and large.
      this.spend(2 * Cost.ENTRY);
      (this._sparseMemo ??= new Map()).set(index, value);
    }
  }

  /** Push the value kept under a number. */
  get(index: number): void {
    const value =
      index < this._memo.length
        ? this._memo[index]
        : this._sparseMemo?.get(index);
    if (value === undefined) {
      throw this.error(`no value is kept under ${index}`);
    }
    this.push(value);
  }

  /** Push a text of so many bytes. */
  pushText(size: number): void {
    this.spend(Cost.TEXT + size);
    const start = this.cursor.advance(size);
    this.push(this._texts.decode(start, start + size));
  }

  /** Push a copy of the next few bytes, 255 at most. */
  pushShortBytes(size: number): void {
    this.spend(Cost.VIEW + size);
    this.push((this._arena ??= new ByteArena()).copy(this.cursor.take(size)));
  }

  /** Count memory, in bytes, towards the limit. */
  spend(bytes: number): void {
    this._heapBytes += bytes;
    if (this._heapBytes > this.limits.maxHeapBytes) {
      throw this.error('its values would take too much memory');
    }
  }

  /** Look at the clock: to be called every few thousand steps. */
  checkTime(): void {
    const now = performance.now();
    this._deadlineMs ??= now + this.limits.maxTimeMs;
    if (now > this._deadlineMs) {
      throw this.error('it takes too long to read');
    }
  }

  /** The error for a pickle that is not as it should be. */
  error(detail: string): DeserializationError {
    return new DeserializationError(
      `The pickle is malformed or too large: ${detail} ` +
        `(at byte ${this.cursor.position}).`
    );
  }

  private _missing(): DeserializationError {
    return this.error('a value is missing');
  }

  // What most pickles do not need is made when it is.
  private _arena?: ByteArena;
  private _base = 0;
  private _deadlineMs?: number;
  private _emptyTuple?: PyTuple;
  private _heapBytes = 0;
  private _height = 0;
  private readonly _marks: number[] = [];
  private readonly _maxStack: number;
  private readonly _memo: unknown[] = [];
  private _sparseMemo?: Map<number, unknown>;
  // Values above `_height` are gone: cutting an array short and growing it
  // again for every group would cost more than all else.
  private readonly _stack: unknown[] = [];
  private readonly _texts: TextWindow;
}
