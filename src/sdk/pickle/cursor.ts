/**
 * Reads bytes in order, never past their end.
 */

import { DeserializationError } from '../errors.js';

const NEWLINE = 0x0a;

/**
 * A position in bytes. Every read moves it on; a read past the end throws.
 */
export class ByteCursor {
  /**
   * @param bytes - What to read.
   */
  constructor(readonly bytes: Uint8Array) {
    this._view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Index of the next byte. */
  get position(): number {
    return this._position;
  }

  /** The next byte, left there; 0 at the end. */
  peek(): number {
    return this._position < this.bytes.length ? this.bytes[this._position] : 0;
  }

  /** An unsigned byte. */
  uint8(): number {
    const start = this._position;
    if (start >= this.bytes.length) {
      throw this._truncated();
    }
    this._position = start + 1;
    return this.bytes[start];
  }

  /** An unsigned 16-bit number, least significant byte first. */
  uint16(): number {
    return this._view.getUint16(this.advance(2), true);
  }

  /** An unsigned 32-bit number, least significant byte first. */
  uint32(): number {
    return this._view.getUint32(this.advance(4), true);
  }

  /** A signed 32-bit number, least significant byte first. */
  int32(): number {
    return this._view.getInt32(this.advance(4), true);
  }

  /** A 64-bit length; lengths above 2^53 are past the end of anything. */
  length64(): number {
    return Number(this._view.getBigUint64(this.advance(8), true));
  }

  /** A double, most significant byte first. */
  float64(): number {
    return this._view.getFloat64(this.advance(8), false);
  }

  /** The next bytes, not copied. */
  take(count: number): Uint8Array {
    const start = this.advance(count);
    return this.bytes.subarray(start, start + count);
  }

  /** The bytes up to the next newline, which is passed over. */
  line(): Uint8Array {
    const end = this.bytes.indexOf(NEWLINE, this._position);
    if (end < 0) {
      throw this._truncated();
    }
    const line = this.bytes.subarray(this._position, end);
    this._position = end + 1;
    return line;
  }

  /** Check that so many bytes follow, without reading them. */
  expect(count: number): void {
    if (this._position + count > this.bytes.length) {
      throw this._truncated();
    }
  }

  /** Pass over bytes; gives the index of the first of them. */
  advance(count: number): number {
    const start = this._position;
    // Also true for a negative or NaN count.
    if (!(count >= 0 && start + count <= this.bytes.length)) {
      throw this._truncated();
    }
    this._position = start + count;
    return start;
  }

  private _truncated(): DeserializationError {
    return new DeserializationError(
      `The pickle ends too early (after byte ${this._position}).`
    );
  }

  private _position = 0;
  private readonly _view: DataView;
}
