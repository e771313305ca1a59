/**
 * Copies of the many short bytes of a pickle.
 */

/** Most bytes copied next to each other: what a short copy keeps alive. */
const ARENA_BYTES = 8192;

/** How much larger the next buffer is: most pickles have few short bytes. */
const GROWTH = 4;

/**
 * Copies short bytes into common buffers. A buffer for each would take several
 * times the memory of its content.
 */
export class ByteArena {
  /**
   * A copy of bytes: of 255 at most, as they share a buffer with others.
   */
  copy(bytes: Uint8Array): Uint8Array {
    const size = bytes.length;
    if (this._used + size > this._arena.length) {
      const next = Math.min(this._arena.length * GROWTH, ARENA_BYTES);
      this._arena = new Uint8Array(Math.max(next, size));
      this._used = 0;
    }
    const start = this._used;
    this._used += size;
    this._arena.set(bytes, start);
    return this._arena.subarray(start, start + size);
  }

  private _arena = new Uint8Array(0);
  private _used = 0;
}
