/**
 * What a pickle may cost the reader.
 */

/**
 * Bounds that keep a hostile pickle from taking all time or memory. Each is
 * far above what a result of 10 MiB, the service's limit, needs.
 */
export interface IPickleLimits {
  /** Size of the pickle, in bytes. */
  maxBytes: number;

  /** Values waiting on the stack, and open marks. */
  maxStack: number;

  /** Entries of the memo. */
  maxMemo: number;

  /** Containers, items put in containers, and inert objects. */
  maxObjects: number;

  /** Size of one integer, in bytes. */
  maxIntBytes: number;
}

/**
 * The bounds used unless others are given.
 */
export const DEFAULT_LIMITS: Readonly<IPickleLimits> = Object.freeze({
  maxBytes: 64 * 1024 * 1024,
  maxStack: 2_000_000,
  maxMemo: 8_000_000,
  maxObjects: 16_000_000,
  maxIntBytes: 64 * 1024
});
