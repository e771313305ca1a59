/**
 * What a writer has written before.
 */

/** Slots of the cache of texts. */
const SLOTS = 256;

/**
 * Numbers of the values written, in the order they were written. Objects are
 * known by identity, texts by content.
 */
export class WriterMemo {
  /** Number of an object, or `undefined`. */
  object(key: object): number | undefined {
    return this._objects.get(key);
  }

  /** Remember an object. */
  addObject(key: object): void {
    this._objects.set(key, this._size++);
  }

  /** Number of a text, or `undefined`. */
  text(key: string): number | undefined {
    const slot = slotOf(key);
    if (this._cachedTexts[slot] === key) {
      return this._cachedNumbers[slot];
    }
    const found = this._texts.get(key);
    if (found !== undefined) {
      this._cache(slot, key, found);
    }
    return found;
  }

  /** Remember a text. */
  addText(key: string): void {
    this._texts.set(key, this._size++);
  }

  private _cache(slot: number, key: string, found: number): void {
    this._cachedTexts[slot] = key;
    this._cachedNumbers[slot] = found;
  }

  // Keys of dicts come again and again: a look into a few slots is several
  // times faster than one into a Map of many texts.
  private readonly _cachedNumbers: number[] = new Array<number>(SLOTS).fill(0);
  private readonly _cachedTexts: (string | undefined)[] = new Array<
    string | undefined
  >(SLOTS).fill(undefined);
  private readonly _objects = new Map<object, number>();
  private _size = 0;
  private readonly _texts = new Map<string, number>();
}

function slotOf(key: string): number {
  const { length } = key;
  return length === 0
    ? 0
    : (length * 31 + key.charCodeAt(0) * 7 + key.charCodeAt(length - 1)) %
        SLOTS;
}
