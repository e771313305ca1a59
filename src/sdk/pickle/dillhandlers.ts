/**
 * Builds the values that dill writes in ways of its own.
 *
 * @see https://github.com/uqfoundation/dill/blob/master/dill/_dill.py
 */

import { PyNamedTupleClass } from './collections.js';
import type { PickleHandler } from './handler.js';
import { parseInteger } from './integers.js';
import { PyNDArray } from './numpy.js';
import { rangeOf } from './ranges.js';
import { PyGlobal } from './values.js';

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
const BUILTIN_TYPE =
  /^[a-z_]+$|(Error|Exception|Exit|Group|Interrupt|Iteration|Warning)$/;

const RANGE_REPR = /^x?range\((-?\d+)(?:, (-?\d+))?(?:, (-?\d+))?\)$/;

/**
 * Handlers of the module `dill._dill`, by name.
 */
export const dillHandlers: Record<string, PickleHandler> = {
  _create_array: ([, , state]) => arrayFromState(state),
  _create_namedtuple: ([name, fields, module]) =>
    namedTupleClass(name, fields, module),
  _eval_repr: ([text]) => parseRepr(text),
  _load_type: ([name]) => typeNamed(name)
};

function arrayFromState(state: unknown): PyNDArray {
  const array = new PyNDArray();
  array.setState(state);
  return array;
}

function namedTupleClass(
  name: unknown,
  fields: unknown,
  module: unknown
): PyNamedTupleClass | undefined {
  const names: unknown[] = Array.isArray(fields) ? fields : [];
  return typeof name === 'string' &&
    typeof module === 'string' &&
    names.every(field => typeof field === 'string')
    ? new PyNamedTupleClass(module, name, names)
    : undefined;
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

function typeNamed(name: unknown): PyGlobal | undefined {
  if (typeof name !== 'string') {
    return undefined;
  }
  const builtin = Object.hasOwn(DILL_TYPES, name) ? DILL_TYPES[name] : name;
  return BUILTIN_TYPE.test(builtin)
    ? new PyGlobal('builtins', builtin)
    : new PyGlobal('types', name);
}
