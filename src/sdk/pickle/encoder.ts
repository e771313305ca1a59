/**
 * Writes single values and references of protocol 4.
 */

import { Framer } from './framer.js';
import { encodeInt } from './integers.js';
import { Opcode } from './opcodes.js';
import { encodeUtf8 } from './utf8.js';

const MAX_INT32 = 0x7fffffff;
const MIN_INT32 = -0x80000000;

/**
 * The output of one writing: what each opcode's operand looks like, and which
 * values were written before.
 */
export class PickleEncoder {
  constructor() {
    this._out.bytes(Opcode.PROTO, 4);
    this._out.start();
  }

  /** Write opcodes that have no operand. */
  opcodes(...opcodes: readonly number[]): void {
    this._out.bytes(...opcodes);
  }

  /** Between two values: start a new frame if the last is long enough. */
  boundary(): void {
    this._out.boundary();
  }

  /** Write a number as int if it is one exactly, else as float. */
  number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      this.int(value);
    } else {
      this.float(value);
    }
  }

  /** Write a float. */
  float(value: number): void {
    this._out.bytes(Opcode.BINFLOAT);
    this._out.float64(value);
  }

  /** Write an int of any size. */
  int(value: number | bigint): void {
    if (value >= 0 && value <= 0xff) {
      this._out.bytes(Opcode.BININT1, Number(value));
    } else if (value >= 0 && value <= 0xffff) {
      const small = Number(value);
      this._out.bytes(Opcode.BININT2, small & 0xff, small >> 8);
    } else if (value >= MIN_INT32 && value <= MAX_INT32) {
      this._out.bytes(Opcode.BININT);
      this._out.int32(Number(value));
    } else {
      this._long(encodeInt(BigInt(value)));
    }
  }

  /** Write a text, or refer to an equal one written before. */
  text(text: string): void {
    if (!this.recall(text)) {
      const payload = encodeUtf8(text);
      this._sized(Opcode.SHORT_BINUNICODE, Opcode.BINUNICODE, payload);
      this.memoize(text);
    }
  }

  /** Write the bytes of a typed array. */
  bytes(view: ArrayBufferView): void {
    const { buffer, byteOffset, byteLength } = view;
    const payload = new Uint8Array(buffer, byteOffset, byteLength);
    this._sized(Opcode.SHORT_BINBYTES, Opcode.BINBYTES, payload);
    this.memoize(view);
  }

  /** Remember the value just written. */
  memoize(key: unknown): void {
    this._memo.set(key, this._memo.size);
    this._out.bytes(Opcode.MEMOIZE);
  }

  /** Whether a value was written before. */
  knows(key: unknown): boolean {
    return this._memo.has(key);
  }

  /** Refer to a value written before; false if there is none. */
  recall(key: unknown): boolean {
    const index = this._memo.get(key);
    if (index === undefined) {
      return false;
    }
    if (index <= 0xff) {
      this._out.bytes(Opcode.BINGET, index);
    } else {
      this._out.bytes(Opcode.LONG_BINGET);
      this._out.int32(index);
    }
    return true;
  }

  /** End the pickle; gives all bytes. */
  finish(): Uint8Array {
    this._out.bytes(Opcode.STOP);
    return this._out.finish();
  }

  private _long(payload: Uint8Array): void {
    if (payload.length <= 0xff) {
      this._out.bytes(Opcode.LONG1, payload.length);
    } else {
      this._out.bytes(Opcode.LONG4);
      this._out.int32(payload.length);
    }
    this._out.payload(payload);
  }

  private _sized(short: number, long: number, payload: Uint8Array): void {
    if (payload.length <= 0xff) {
      this._out.bytes(short, payload.length);
      this._out.payload(payload);
    } else if (this._out.isLarge(payload)) {
      this._out.largePayload(long, payload);
    } else {
      this._out.bytes(long);
      this._out.int32(payload.length);
      this._out.payload(payload);
    }
  }

  private readonly _memo = new Map<unknown, number>();
  private readonly _out = new Framer();
}
