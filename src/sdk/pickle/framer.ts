/**
 * The output of the pickle writer, cut into frames (PEP 3154).
 */

import { Opcode } from './opcodes.js';

/** Shorter frames are written without a header, as Python does. */
const MIN_FRAME_BYTES = 4;

/** A frame this long is closed before the next value. */
const TARGET_FRAME_BYTES = 64 * 1024;

/** Opcode and 64-bit length. */
const HEADER_BYTES = 9;

/**
 * Collects bytes with the frames that CPython's `pickle._Framer` would write,
 * so that equal values give equal bytes.
 *
 * @see https://github.com/python/cpython/blob/3.11/Lib/pickle.py
 */
export class Framer {
  /** Start the frames; what was written before stays outside. */
  start(): void {
    this._frameStart = this._length;
    this._reserve(HEADER_BYTES);
    this._length += HEADER_BYTES;
  }

  /** Between two values: close the frame if it is long enough. */
  boundary(): void {
    if (this._frameLength() >= TARGET_FRAME_BYTES) {
      this._close();
      this.start();
    }
  }

  /** Whether a payload is so long that it stands outside of frames. */
  isLarge(payload: Uint8Array): boolean {
    return payload.length >= TARGET_FRAME_BYTES;
  }

  /** Write single bytes. */
  bytes(...values: number[]): void {
    this._reserve(values.length);
    for (const value of values) {
      this._bytes[this._length++] = value;
    }
  }

  /** Write a 32-bit number, least significant byte first. */
  int32(value: number): void {
    this._reserve(4);
    this._view.setInt32(this._length, value, true);
    this._length += 4;
  }

  /** Write a double, most significant byte first. */
  float64(value: number): void {
    this._reserve(8);
    this._view.setFloat64(this._length, value, false);
    this._length += 8;
  }

  /** Write a payload into the current frame. */
  payload(bytes: Uint8Array): void {
    this._reserve(bytes.length);
    this._bytes.set(bytes, this._length);
    this._length += bytes.length;
  }

  /** Write a 32-bit length and a large payload, outside of frames. */
  largePayload(opcode: number, bytes: Uint8Array): void {
    this._close();
    this.bytes(opcode);
    this.int32(bytes.length);
    this.payload(bytes);
    this.start();
  }

  /** Close the last frame; gives all bytes. */
  finish(): Uint8Array {
    this._close();
    return this._bytes.slice(0, this._length);
  }

  private _frameLength(): number {
    return this._length - this._frameStart - HEADER_BYTES;
  }

  private _close(): void {
    const size = this._frameLength();
    const start = this._frameStart;
    if (size >= MIN_FRAME_BYTES) {
      this._bytes[start] = Opcode.FRAME;
      this._view.setBigUint64(start + 1, BigInt(size), true);
    } else {
      const content = start + HEADER_BYTES;
      this._bytes.copyWithin(start, content, this._length);
      this._length -= HEADER_BYTES;
    }
  }

  private _reserve(count: number): void {
    if (this._length + count > this._bytes.length) {
      const size = Math.max(2 * this._bytes.length, this._length + count);
      const larger = new Uint8Array(size);
      larger.set(this._bytes);
      this._bytes = larger;
      this._view = new DataView(larger.buffer);
    }
  }

  private _bytes = new Uint8Array(256);
  private _frameStart = 0;
  private _length = 0;
  private _view = new DataView(this._bytes.buffer);
}
