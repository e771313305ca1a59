/**
 * How values of well-known Python classes are written: as a call of the
 * class. The inverse of `handlers.ts`.
 */

import {
  PyDate,
  PyDateTime,
  PyTime,
  PyTimedelta,
  PyTimezone
} from './datetime.js';
import { PyUuid } from './pyuuid.js';
import {
  PyByteArray,
  PyComplex,
  PyDecimal,
  PyFloat,
  PyFraction,
  PyGlobal,
  PyRange,
  PySlice,
  PyTuple
} from './values.js';
import { PyZoneInfo } from './zoneinfo.js';

/**
 * A call that makes a value in Python.
 */
export interface IReduction {
  /** The class to call. */
  callable: PyGlobal;

  /** What to call it with. */
  args: PyTuple;
}

/**
 * The call that makes a value in Python; `undefined` for values that are
 * written otherwise or not at all.
 */
export function reductionOf(value: object): IReduction | undefined {
  if (value instanceof Date) {
    return Number.isNaN(value.getTime())
      ? undefined
      : reductionOf(utcDateTime(value));
  }
  return builtinReduction(value) ?? libraryReduction(value);
}

function builtinReduction(value: object): IReduction | undefined {
  if (value instanceof PyByteArray) {
    return call('builtins', 'bytearray', new Uint8Array(value));
  }
  if (value instanceof PyComplex) {
    const parts = [new PyFloat(value.real), new PyFloat(value.imaginary)];
    return call('builtins', 'complex', ...parts);
  }
  if (value instanceof PyRange) {
    return call('builtins', 'range', value.start, value.stop, value.step);
  }
  if (value instanceof PySlice) {
    return call('builtins', 'slice', value.start, value.stop, value.step);
  }
  return undefined;
}

function libraryReduction(value: object): IReduction | undefined {
  if (value instanceof PyDecimal) {
    return call('decimal', 'Decimal', value.text);
  }
  if (value instanceof PyUuid) {
    return call('uuid', 'UUID', value.toString());
  }
  if (value instanceof PyFraction) {
    return call('fractions', 'Fraction', value.numerator, value.denominator);
  }
  if (value instanceof PyTimedelta) {
    const { days, seconds, microseconds } = value;
    return call('datetime', 'timedelta', days, seconds, microseconds);
  }
  if (value instanceof PyZoneInfo) {
    return call('zoneinfo', 'ZoneInfo', value.key);
  }
  if (value instanceof PyTimezone) {
    const name = value.name === undefined ? [] : [value.name];
    return call('datetime', 'timezone', value.offset, ...name);
  }
  if (value instanceof PyDate) {
    return call('datetime', 'date', Uint8Array.from(dateBytes(value)));
  }
  if (value instanceof PyTime) {
    return timeCall('time', value, foldInto(timeBytes(value), 0, value));
  }
  if (value instanceof PyDateTime) {
    const bytes = [...dateBytes(value.date), ...timeBytes(value.time)];
    return timeCall('datetime', value.time, foldInto(bytes, 2, value.time));
  }
  return undefined;
}

function call(module: string, name: string, ...args: unknown[]): IReduction {
  return { callable: new PyGlobal(module, name), args: PyTuple.from(args) };
}

function timeCall(name: string, time: PyTime, bytes: number[]): IReduction {
  const tzinfo = time.tzinfo === null ? [] : [time.tzinfo];
  return call('datetime', name, Uint8Array.from(bytes), ...tzinfo);
}

function dateBytes(date: PyDate): number[] {
  return [date.year >> 8, date.year & 0xff, date.month, date.day];
}

function timeBytes(time: PyTime): number[] {
  const { hour, minute, second, microsecond: us } = time;
  return [hour, minute, second, us >> 16, (us >> 8) & 0xff, us & 0xff];
}

/** Set the bit of PEP 495 in the byte that has room for it. */
function foldInto(bytes: number[], index: number, time: PyTime): number[] {
  bytes[index] |= time.fold << 7;
  return bytes;
}

function utcDateTime(date: Date): PyDateTime {
  return new PyDateTime(
    new PyDate(
      date.getUTCFullYear(),
      date.getUTCMonth() + 1,
      date.getUTCDate()
    ),
    new PyTime(
      date.getUTCHours(),
      date.getUTCMinutes(),
      date.getUTCSeconds(),
      date.getUTCMilliseconds() * 1000,
      0,
      new PyTimezone(new PyTimedelta(0, 0, 0))
    )
  );
}
