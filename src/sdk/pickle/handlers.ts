/**
 * Builds values of well-known Python classes from the arguments in a pickle.
 * A table of pure functions: nothing is imported, evaluated or called by name.
 */

import { dateTimeHandlers } from './datetimehandlers.js';
import { parseInteger } from './integers.js';
import {
  latin1Bytes,
  PyDtype,
  PyNDArray,
  PyNumpyScalar,
  readItem
} from './numpy.js';
import {
  PyByteArray,
  PyComplex,
  PyDecimal,
  PyFloat,
  PyFraction,
  PyFrozenSet,
  PyGlobal,
  PyRange,
  PySlice
} from './values.js';

/**
 * Builds a value from what Python's callable would be given; `undefined` when
 * the arguments are not as expected, so that the object stays inert.
 */
export type PickleHandler = (args: readonly unknown[]) => unknown;

/** What dill calls the built-in types; others keep their name. */
const DILL_TYPES: Readonly<Record<string, string>> = {
  BytearrayType: 'bytearray',
  BytesType: 'bytes',
  ComplexType: 'complex',
  DictType: 'dict',
  FrozenSetType: 'frozenset',
  ListType: 'list',
  ObjectType: 'object',
  RangeType: 'range',
  SetType: 'set',
  SliceType: 'slice',
  TupleType: 'tuple'
};

/** Types dill names as they are in `builtins`. */
const BUILTIN_TYPE = /^[a-z_]+$|(Error|Exception|Warning)$/;

const RANGE_REPR = /^x?range\((-?\d+)(?:, (-?\d+))?(?:, (-?\d+))?\)$/;

const builtins: Record<string, PickleHandler> = {
  bytearray: args => {
    const bytes = args.length === 0 ? new Uint8Array(0) : asBytes(args[0]);
    return bytes && new PyByteArray(bytes);
  },
  bytes: args => (args.length === 0 ? new Uint8Array(0) : asBytes(args[0])),
  complex: ([real, imaginary]) =>
    isFloat(real) && isFloat(imaginary)
      ? new PyComplex(Number(real), Number(imaginary))
      : undefined,
  frozenset: args => new PyFrozenSet(asItems(args)),
  range: args => rangeOf(args),
  set: args => new Set(asItems(args)),
  slice: ([start, stop, step]) => new PySlice(start, stop, step),
  xrange: args => rangeOf(args)
};

const dill: Record<string, PickleHandler> = {
  _create_array: ([, , state]) => arrayFromState(state),
  _eval_repr: ([text]) => parseRepr(text),
  _load_type: ([name]) => typeNamed(name)
};

const multiarray: Record<string, PickleHandler> = {
  _reconstruct: () => new PyNDArray(),
  scalar: ([dtype, bytes]) => {
    const raw = asBytes(bytes);
    return dtype instanceof PyDtype && raw
      ? new PyNumpyScalar(dtype, readItem(raw, 0, dtype))
      : undefined;
  }
};

const numeric: Record<string, PickleHandler> = {
  _frombuffer: ([data, dtype, shape, order]) => {
    const array = new PyNDArray();
    array.fill(shape, dtype, order === 'F', data);
    return array;
  }
};

const modules: Record<string, Record<string, PickleHandler>> = {
  builtins,
  _codecs: {
    encode: ([text, encoding]) =>
      typeof text === 'string' && encoding === 'latin1'
        ? latin1Bytes(text)
        : undefined
  },
  collections: {
    OrderedDict: args => (args.length === 0 ? new Map() : undefined)
  },
  datetime: dateTimeHandlers,
  decimal: {
    Decimal: ([text]) =>
      typeof text === 'string' ? new PyDecimal(text) : undefined
  },
  'dill._dill': dill,
  fractions: { Fraction: args => fractionOf(args) },
  numpy: {
    dtype: ([code]) =>
      typeof code === 'string' ? new PyDtype(code) : undefined
  },
  'numpy.core.multiarray': multiarray,
  'numpy._core.multiarray': multiarray,
  'numpy.core.numeric': numeric,
  'numpy._core.numeric': numeric
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

/**
 * Bytes, also as the text protocols 0 to 2 write them.
 */
function asBytes(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) {
    return value;
  }
  return typeof value === 'string' ? latin1Bytes(value) : undefined;
}

function asItems(args: readonly unknown[]): unknown[] {
  return Array.isArray(args[0]) ? args[0] : [];
}

function arrayFromState(state: unknown): PyNDArray {
  const array = new PyNDArray();
  array.setState(state);
  return array;
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

function isFloat(value: unknown): value is number | PyFloat {
  return typeof value === 'number' || value instanceof PyFloat;
}

function isInteger(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || Number.isInteger(value);
}

/** dill writes ranges and singletons as text to evaluate: parse it instead. */
function parseRepr(text: unknown): unknown {
  if (text === 'Ellipsis' || text === 'NotImplemented') {
    return new PyGlobal('builtins', text);
  }
  const match = typeof text === 'string' ? RANGE_REPR.exec(text) : null;
  return match
    ? rangeOf(match.slice(1).filter(Boolean).map(parseInteger))
    : undefined;
}

function rangeOf(args: readonly unknown[]): PyRange | undefined {
  const bounds = args.filter(isInteger);
  if (bounds.length !== args.length || args.length < 1 || args.length > 3) {
    return undefined;
  }
  return bounds.length === 1
    ? new PyRange(0, bounds[0])
    : new PyRange(bounds[0], bounds[1], bounds[2] ?? 1);
}

function typeNamed(name: unknown): PyGlobal | undefined {
  if (typeof name !== 'string') {
    return undefined;
  }
  const builtin = Object.hasOwn(DILL_TYPES, name) ? DILL_TYPES[name] : name;
  return BUILTIN_TYPE.test(builtin)
    ? new PyGlobal('builtins', builtin)
    : new PyGlobal('types', name);
}
