/**
 * Python's spelling of objects that hold no others.
 */

import { OpaqueValue } from '../serialize/opaque.js';
import {
  PyDate,
  PyDateTime,
  PyTime,
  PyTimedelta,
  PyTimezone
} from './datetime.js';
import {
  complexLiteral,
  floatLiteral,
  numberLiteral,
  textLiteral
} from './literals.js';
import { PyDtype } from './dtype.js';
import { PyUuid } from './pyuuid.js';
import {
  PyComplex,
  PyDecimal,
  PyFloat,
  PyFraction,
  PyGlobal,
  PyRange
} from './values.js';
import { PyZoneInfo } from './zoneinfo.js';

/**
 * An object as Python's `repr` writes it, or near to that.
 *
 * @returns `undefined` for containers and objects that hold others.
 */
export function leafLiteral(value: object): string | undefined {
  return numeric(value) ?? dateTime(value) ?? named(value);
}

function numeric(value: object): string | undefined {
  if (value instanceof PyFloat) {
    return floatLiteral(value.value);
  }
  if (value instanceof PyComplex) {
    return complexLiteral(value.real, value.imaginary);
  }
  if (value instanceof PyDecimal) {
    return `Decimal('${value.text}')`;
  }
  if (value instanceof PyFraction) {
    return `Fraction(${value.numerator}, ${value.denominator})`;
  }
  if (value instanceof PyRange) {
    const { start, stop, step } = value;
    const last = Number(step) === 1 ? '' : `, ${step}`;
    return `range(${start}, ${stop}${last})`;
  }
  return undefined;
}

function dateTime(value: object): string | undefined {
  if (value instanceof PyDateTime) {
    return `datetime(${value.isoFormat()})`;
  }
  if (value instanceof PyDate) {
    return `date(${value.isoFormat()})`;
  }
  if (value instanceof PyTime) {
    return `time(${value.isoFormat()})`;
  }
  if (value instanceof PyTimedelta) {
    const { days, seconds, microseconds } = value;
    return `timedelta(days=${days}, seconds=${seconds}, microseconds=${microseconds})`;
  }
  if (value instanceof PyTimezone) {
    return `timezone(${numberLiteral(value.offset.totalSeconds)} s)`;
  }
  return undefined;
}

function named(value: object): string | undefined {
  if (value instanceof PyGlobal) {
    return `<${value.path}>`;
  }
  if (value instanceof OpaqueValue) {
    return `<${value.summary}>`;
  }
  if (value instanceof PyUuid) {
    return `UUID('${value.toString()}')`;
  }
  if (value instanceof PyZoneInfo) {
    return `ZoneInfo(${textLiteral(value.key)})`;
  }
  return value instanceof PyDtype ? `dtype('${value.name}')` : undefined;
}
