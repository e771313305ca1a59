/**
 * Reads the many short texts of a pickle fast.
 */

import { decodeUtf8 } from './utf8.js';

/**
 * Bytes decoded at once. A text cut from a window keeps the window alive, so
 * it is small.
 */
const WINDOW_BYTES = 8192;

/** Longer texts are worth a call into TextDecoder of their own. */
const MAX_SHORT_BYTES = 256;

const DECODER = new TextDecoder();

/**
 * Decodes texts that lie one after the other in the same bytes. A call into
 * TextDecoder costs more than a short text itself; so a window of bytes is
 * decoded at once, with all bytes made ASCII, and texts that are ASCII are cut
 * from it.
 */
export class TextWindow {
  /**
   * @param bytes - What the texts lie in.
   */
  constructor(bytes: Uint8Array) {
    this._bytes = bytes;
  }

  /**
   * The text of some bytes.
   *
   * @throws DeserializationError when they are not UTF-8.
   */
  decode(start: number, end: number): string {
    if (end - start > MAX_SHORT_BYTES || !this._isAscii(start, end)) {
      return decodeUtf8(this._bytes.subarray(start, end));
    }
    if (start < this._start || end > this._end) {
      this._move(start);
    }
    return this._text.slice(start - this._start, end - this._start);
  }

  private _isAscii(start: number, end: number): boolean {
    const bytes = this._bytes;
    let bits = 0;
    for (let i = start; i < end; i++) {
      bits |= bytes[i];
    }
    return bits < 0x80;
  }

  private _move(start: number): void {
    // Of many small pickles each has a small window, in whole words.
    const window = (this._window ??= new Uint8Array(
      Math.min(WINDOW_BYTES, (this._bytes.length + 3) & ~3)
    ));
    const end = Math.min(start + window.length, this._bytes.length);
    const size = end - start;
    window.set(this._bytes.subarray(start, end));
    // Four bytes at a time.
    const words = new Uint32Array(window.buffer, 0, (size + 3) >> 2);
    for (let i = 0; i < words.length; i++) {
      words[i] &= 0x7f7f7f7f;
    }
    this._text = DECODER.decode(window.subarray(0, size));
    this._start = start;
    this._end = end;
  }

  private readonly _bytes: Uint8Array;
  private _end = 0;
  private _start = 0;
  private _text = '';
  private _window?: Uint8Array;
}
