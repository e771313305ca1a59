/**
 * What a pickle may cost the reader.
 */

/**
 * Bounds that keep a hostile pickle from taking all time or memory. They are
 * made for results of 10 MiB, the service's limit; raise them for larger
 * pickles of one's own.
 */
export interface IPickleLimits {
  /** Size of the pickle, in bytes. */
  maxBytes: number;

  /** Values waiting on the stack, such as the items of one tuple. */
  maxStack: number;

  /** Groups open at once: how deep values may be nested in groups. */
  maxDepth: number;

  /** Entries of the memo. */
  maxMemo: number;

  /** Memory of everything that is made, in bytes, by a cautious estimate. */
  maxHeapBytes: number;

  /** Size of one integer, in bytes. */
  maxIntBytes: number;

  /** Time the reading may take, in milliseconds. */
  maxTimeMs: number;
}

/**
 * The bounds used unless others are given.
 */
export const DEFAULT_LIMITS: Readonly<IPickleLimits> = Object.freeze({
  maxBytes: 128 * 1024 * 1024,
  maxStack: 4_000_000,
  maxDepth: 100_000,
  maxMemo: 4_000_000,
  maxHeapBytes: 160 * 1024 * 1024,
  maxIntBytes: 64 * 1024,
  maxTimeMs: 10_000
});

/**
 * Cautious estimates of what values take, in bytes. They are measured in
 * V8 without pointer compression, where objects are largest.
 */
export const Cost = {
  /** A list or tuple; the first four items have room in it. */
  SEQUENCE: 104,

  /** A place in a list or tuple. */
  ITEM: 12,

  /** A dict or set; the first four entries have room in it. */
  TABLE: 216,

  /** An entry of a dict or set. */
  ENTRY: 24,

  /** An object, or the name of a class. */
  OBJECT: 120,

  /** A view on bytes, and a copy of bytes without the content. */
  VIEW: 136,
  COPY: 400,

  /** A text, without the content. */
  TEXT: 32
} as const;
