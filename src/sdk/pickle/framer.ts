/**
 * The output of the pickle writer, cut into frames (PEP 3154).
 */

import * as Opcode from './opcodes.js';

/** Shorter frames are written without a header, as Python does. */
const MIN_FRAME_BYTES = 4;

/** A frame this long is closed before the next value. */
const TARGET_FRAME_BYTES = 64 * 1024;

/** Room behind a large payload, which must not double it at once. */
const SPARE_BYTES = 256;

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

  /** Write one byte. */
  byte(value: number): void {
    this._reserve(1);
    this._bytes[this._length++] = value;
  }

  /** Write an opcode and a byte. */
  uint8(opcode: number, value: number): void {
    this._reserve(2);
    this._bytes[this._length++] = opcode;
    this._bytes[this._length++] = value;
  }

  /** Write an opcode and a 16-bit number, least significant byte first. */
  uint16(opcode: number, value: number): void {
    this._reserve(3);
    this._bytes[this._length++] = opcode;
    this._bytes[this._length++] = value & 0xff;
    this._bytes[this._length++] = value >> 8;
  }

  /** Write an opcode and a 32-bit number, least significant byte first. */
  int32(opcode: number, value: number): void {
    this._reserve(5);
    this._bytes[this._length] = opcode;
    this._view.setInt32(this._length + 1, value, true);
    this._length += 5;
  }

  /** Write an opcode and a double, most significant byte first. */
  float64(opcode: number, value: number): void {
    this._reserve(9);
    this._bytes[this._length] = opcode;
    this._view.setFloat64(this._length + 1, value, false);
    this._length += 9;
  }

  /**
   * Write an opcode, the length and the bytes of a short text of ASCII.
   *
   * @param text - A text of at most 255 characters.
   * @returns Whether the text is ASCII; if not, nothing is written.
   */
  ascii(opcode: number, text: string): boolean {
    const size = text.length;
    this._reserve(2 + size);
    const bytes = this._bytes;
    const start = this._length + 2;
    let bits = 0;
    for (let i = 0; i < size; i++) {
      const unit = text.charCodeAt(i);
      bits |= unit;
      bytes[start + i] = unit;
    }
    if (bits >= 0x80) {
      return false;
    }
    bytes[this._length] = opcode;
    bytes[this._length + 1] = size;
    this._length = start + size;
    return true;
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
    this.int32(opcode, bytes.length);
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
      const needed = this._length + count + SPARE_BYTES;
      const size = Math.max(2 * this._bytes.length, needed);
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
