/**
 * Builds values of well-known Python classes from the arguments in a pickle.
 * A table of pure functions: nothing is imported, evaluated or called by name.
 */

import { PyOrderedDict } from './collections.js';
import { dateTimeHandlers } from './datetimehandlers.js';
import { dillHandlers } from './dillhandlers.js';
import type { PickleHandler } from './handler.js';
import { parseInteger } from './integers.js';
import { bytesOf, encodeLatin1 } from './latin1.js';
import { numpyModules } from './numpyhandlers.js';
import { PyUuid } from './pyuuid.js';
import { isInteger, rangeOf } from './ranges.js';
import {
  PyByteArray,
  PyComplex,
  PyDecimal,
  PyFloat,
  PyFraction,
  PyFrozenSet,
  PyGlobal,
  PySlice
} from './values.js';
import { PyZoneInfo } from './zoneinfo.js';

/** No name of a method is longer. */
const MAX_NAME_LENGTH = 64;

const UUID_TEXT = /^[0-9a-f]{8}(?:-?[0-9a-f]{4}){4}[0-9a-f]{8}$/i;

const builtins: Record<string, PickleHandler> = {
  bytearray: args => {
    const bytes = args.length === 0 ? new Uint8Array(0) : bytesOf(args[0]);
    return bytes && new PyByteArray(bytes);
  },
  bytes: args => (args.length === 0 ? new Uint8Array(0) : bytesOf(args[0])),
  complex: ([real, imaginary]) =>
    isFloat(real) && isFloat(imaginary)
      ? new PyComplex(Number(real), Number(imaginary))
      : undefined,
  getattr: ([owner, name]) => attributeOf(owner, name),
  frozenset: args => new PyFrozenSet(asItems(args)),
  range: args => rangeOf(args),
  set: args => new Set(asItems(args)),
  slice: ([start, stop, step]) => new PySlice(start, stop, step),
  xrange: args => rangeOf(args)
};

const modules: Record<string, Record<string, PickleHandler>> = {
  builtins,
  _codecs: {
    encode: ([text, encoding]) =>
      typeof text === 'string' && encoding === 'latin1'
        ? encodeLatin1(text)
        : undefined
  },
  collections: {
    OrderedDict: args => (args.length === 0 ? new PyOrderedDict() : undefined)
  },
  datetime: dateTimeHandlers,
  decimal: {
    Decimal: ([text]) =>
      typeof text === 'string' ? new PyDecimal(text) : undefined
  },
  'dill._dill': dillHandlers,
  fractions: { Fraction: args => fractionOf(args) },
  uuid: {
    UUID: args => uuidOf(args)
  },
  zoneinfo: { ZoneInfo: zoneOf, 'ZoneInfo._unpickle': zoneOf },
  ...numpyModules
};

/**
 * The handlers by path, e.g. `decimal.Decimal`.
 */
export const HANDLERS: ReadonlyMap<string, PickleHandler> = new Map(
  Object.entries(modules).flatMap(([module, handlers]) =>
    Object.entries(handlers).map(([name, handler]): [string, PickleHandler] => [
      `${module}.${name}`,
      handler
    ])
  )
);

function asItems(args: readonly unknown[]): unknown[] {
  return Array.isArray(args[0]) ? args[0] : [];
}

/** The name of a method: still only a name. */
function attributeOf(owner: unknown, name: unknown): PyGlobal | undefined {
  return owner instanceof PyGlobal &&
    typeof name === 'string' &&
    owner.path.length + name.length <= MAX_NAME_LENGTH
    ? new PyGlobal(owner.module, `${owner.name}.${name}`)
    : undefined;
}

function fractionOf(args: readonly unknown[]): PyFraction | undefined {
  const [first, second] = args;
  if (isInteger(first) && isInteger(second)) {
    return new PyFraction(first, second);
  }
  const match =
    typeof first === 'string' ? /^(-?\d+)(?:\/(\d+))?$/.exec(first) : null;
  return match
    ? new PyFraction(parseInteger(match[1]), parseInteger(match.at(2) ?? '1'))
    : undefined;
}

function uuidOf(args: readonly unknown[]): PyUuid | undefined {
  const [text] = args;
  if (args.length === 0) {
    return new PyUuid();
  }
  return typeof text === 'string' && UUID_TEXT.test(text)
    ? new PyUuid(text)
    : undefined;
}

function zoneOf([key]: readonly unknown[]): PyZoneInfo | undefined {
  return typeof key === 'string' ? new PyZoneInfo(key) : undefined;
}

function isFloat(value: unknown): value is number | PyFloat {
  return typeof value === 'number' || value instanceof PyFloat;
}
