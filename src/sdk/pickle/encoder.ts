/**
 * Writes single values and references of protocol 4.
 */

import { Framer } from './framer.js';
import { encodeInt } from './integers.js';
import { WriterMemo } from './memo.js';
import * as Opcode from './opcodes.js';
import { encodeUtf8 } from './utf8.js';

/** Texts up to this long have a length of one byte. */
const MAX_SHORT_TEXT = 0xff;

const MAX_INT32 = 0x7fffffff;
const MIN_INT32 = -0x80000000;

/**
 * The output of one writing: what each opcode's operand looks like, and which
 * values were written before.
 */
export class PickleEncoder {
  constructor() {
    this._out.uint8(Opcode.PROTO, 4);
    this._out.start();
  }

  /** Write an opcode that has no operand. */
  opcode(opcode: number): void {
    this._out.byte(opcode);
  }

  /** Between two values: start a new frame if the last is long enough. */
  boundary(): void {
    this._out.boundary();
  }

  /** Write a number as int if it is one exactly, else as float. */
  number(value: number): void {
    // Also false for -0: it is no int.
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      this._safeInt(value);
    } else {
      this.float(value);
    }
  }

  /** Write a float. */
  float(value: number): void {
    this._out.float64(Opcode.BINFLOAT, value);
  }

  /** Write an int of any size. */
  bigint(value: bigint): void {
    if (value >= MIN_INT32 && value <= MAX_INT32) {
      this._safeInt(Number(value));
    } else {
      this._long(encodeInt(value));
    }
  }

  /** Write a text, or refer to an equal one written before. */
  text(text: string): void {
    const index = this._memo.text(text);
    if (index !== undefined) {
      this._refer(index);
    } else {
      const isWritten =
        text.length <= MAX_SHORT_TEXT &&
        this._out.ascii(Opcode.SHORT_BINUNICODE, text);
      if (!isWritten) {
        const payload = encodeUtf8(text);
        this._sized(Opcode.SHORT_BINUNICODE, Opcode.BINUNICODE, payload);
      }
      this._memo.addText(text);
      this._out.byte(Opcode.MEMOIZE);
    }
  }

  /** Write the bytes of a typed array. */
  bytes(view: ArrayBufferView): void {
    const { buffer, byteOffset, byteLength } = view;
    const payload = new Uint8Array(buffer, byteOffset, byteLength);
    this._sized(Opcode.SHORT_BINBYTES, Opcode.BINBYTES, payload);
    this.memoize(view);
  }

  /** Remember the object just written. */
  memoize(key: object): void {
    this._memo.addObject(key);
    this._out.byte(Opcode.MEMOIZE);
  }

  /** Whether an object was written before. */
  knows(key: object): boolean {
    return this._memo.object(key) !== undefined;
  }

  /** Refer to an object written before; false if there is none. */
  recall(key: object): boolean {
    const index = this._memo.object(key);
    if (index === undefined) {
      return false;
    }
    this._refer(index);
    return true;
  }

  /** End the pickle; gives all bytes. */
  finish(): Uint8Array {
    this._out.byte(Opcode.STOP);
    return this._out.finish();
  }

  private _refer(index: number): void {
    if (index <= 0xff) {
      this._out.uint8(Opcode.BINGET, index);
    } else {
      this._out.int32(Opcode.LONG_BINGET, index);
    }
  }

  private _safeInt(value: number): void {
    if (value >= 0 && value <= 0xff) {
      this._out.uint8(Opcode.BININT1, value);
    } else if (value >= 0 && value <= 0xffff) {
      this._out.uint16(Opcode.BININT2, value);
    } else if (value >= MIN_INT32 && value <= MAX_INT32) {
      this._out.int32(Opcode.BININT, value);
    } else {
      this._long(encodeInt(BigInt(value)));
    }
  }

  private _long(payload: Uint8Array): void {
    if (payload.length <= 0xff) {
      this._out.uint8(Opcode.LONG1, payload.length);
    } else {
      this._out.int32(Opcode.LONG4, payload.length);
    }
    this._out.payload(payload);
  }

  private _sized(short: number, long: number, payload: Uint8Array): void {
    if (payload.length <= 0xff) {
      this._out.uint8(short, payload.length);
      this._out.payload(payload);
    } else if (this._out.isLarge(payload)) {
      this._out.largePayload(long, payload);
    } else {
      this._out.int32(long, payload.length);
      this._out.payload(payload);
    }
  }

  private readonly _memo = new WriterMemo();
  private readonly _out = new Framer();
}
