/**
 * Builds the values of Python's `datetime` module from their packed state.
 *
 * @see https://github.com/python/cpython/blob/3.11/Lib/datetime.py, `_getstate`
 */

import {
  PyDate,
  PyDateTime,
  PyTime,
  PyTimedelta,
  PyTimezone
} from './datetime.js';
import { encodeLatin1 } from './latin1.js';

/** The bit that says "second of two equal wall clock times" (PEP 495). */
const FOLD_BIT = 0x80;

/**
 * Handlers of the module `datetime`, by name; each gives `undefined` when the
 * arguments are not as expected.
 */
export const dateTimeHandlers: Record<
  string,
  (args: readonly unknown[]) => unknown
> = {
  date: ([state]) => {
    const bytes = packed(state, 4);
    return bytes && dateOf(bytes, false);
  },
  datetime: ([state, tzinfo]) => {
    const bytes = packed(state, 10);
    return (
      bytes &&
      new PyDateTime(
        dateOf(bytes, true),
        timeOf(bytes.subarray(4), bytes[2], tzinfo)
      )
    );
  },
  time: ([state, tzinfo]) => {
    const bytes = packed(state, 6);
    return bytes && timeOf(bytes, bytes[0], tzinfo);
  },
  timedelta: ([days, seconds, microseconds]) =>
    [days, seconds, microseconds].every(Number.isInteger)
      ? new PyTimedelta(Number(days), Number(seconds), Number(microseconds))
      : undefined,
  timezone: ([offset, name]) =>
    offset instanceof PyTimedelta
      ? new PyTimezone(offset, typeof name === 'string' ? name : undefined)
      : undefined
};

function packed(state: unknown, size: number): Uint8Array | undefined {
  const bytes = typeof state === 'string' ? encodeLatin1(state) : state;
  return bytes instanceof Uint8Array && bytes.length === size
    ? bytes
    : undefined;
}

/** In a datetime the month's byte may hold the fold bit, in a date not. */
function dateOf(bytes: Uint8Array, mayFold: boolean): PyDate {
  const month = mayFold ? bytes[2] & ~FOLD_BIT : bytes[2];
  return new PyDate((bytes[0] << 8) | bytes[1], month, bytes[3]);
}

/** A time's own fold bit is in its hour, a datetime's in its month. */
function timeOf(bytes: Uint8Array, foldByte: number, tzinfo: unknown): PyTime {
  return new PyTime(
    bytes[0] & ~FOLD_BIT,
    bytes[1],
    bytes[2],
    (bytes[3] << 16) | (bytes[4] << 8) | bytes[5],
    foldByte & FOLD_BIT ? 1 : 0,
    tzinfo ?? null
  );
}
