/**
 * Models of Python values, as `scripts/fixture_models.py` makes them.
 */

import {
  PyDate,
  PyDateTime,
  PyTime,
  PyTimedelta,
  PyTimezone
} from '../pickle/datetime.js';
import { PyNamedTuple, PyOrderedDict } from '../pickle/collections.js';
import { PyException } from '../pickle/exceptions.js';
import { PyNDArray, PyNumpyScalar } from '../pickle/numpy.js';
import { PyUuid } from '../pickle/pyuuid.js';
import {
  PyByteArray,
  PyComplex,
  PyDecimal,
  PyFloat,
  PyFraction,
  PyFrozenSet,
  PyObject,
  PyRange,
  PySlice,
  PyTuple
} from '../pickle/values.js';
import { PyZoneInfo } from '../pickle/zoneinfo.js';

/** `[kind, content]`. */
export type Model = readonly [string, unknown];

/** The bits of a double, so that -0 and NaN can be compared. */
function floatHex(value: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}

/** Describe a decoded value; floats must have been kept as such. */
export function modelOf(value: unknown): Model {
  switch (typeof value) {
    case 'boolean':
      return ['bool', value];
    case 'number':
      return Number.isInteger(value)
        ? ['int', String(value)]
        : ['float', floatHex(value)];
    case 'bigint':
      return ['int', String(value)];
    case 'string':
      return ['str', value];
    default:
      return value === null ? ['none', null] : modelOfObject(value as object);
  }
}

function modelOfObject(value: object): Model {
  if (value instanceof PyFloat) {
    return ['float', floatHex(value.value)];
  }
  if (value instanceof PyNamedTuple) {
    return ['object', value.className];
  }
  if (value instanceof PyTuple) {
    return ['tuple', Array.from(value, modelOf)];
  }
  if (Array.isArray(value)) {
    return ['list', value.map(modelOf)];
  }
  if (value instanceof Map) {
    const kind = value instanceof PyOrderedDict ? 'ordered' : 'dict';
    return [kind, Array.from(value, pair => pair.map(modelOf))];
  }
  if (value instanceof Set) {
    const kind = value instanceof PyFrozenSet ? 'frozenset' : 'set';
    return [kind, Array.from(value, modelOf)];
  }
  if (value instanceof Uint8Array) {
    const kind = value instanceof PyByteArray ? 'bytearray' : 'bytes';
    return [kind, Buffer.from(value).toString('hex')];
  }
  return modelOfDateTime(value) ?? modelOfLibrary(value);
}

function modelOfDateTime(value: object): Model | undefined {
  if (value instanceof PyDate) {
    return ['date', value.isoFormat()];
  }
  if (value instanceof PyTime) {
    return ['time', clock('', value, undefined)];
  }
  if (value instanceof PyDateTime) {
    const prefix = `${value.date.isoFormat()}T`;
    return ['datetime', clock(prefix, value.time, value.toDate())];
  }
  if (value instanceof PyTimedelta) {
    return ['timedelta', [value.days, value.seconds, value.microseconds]];
  }
  return undefined;
}

function clock(prefix: string, time: PyTime, moment?: Date): unknown[] {
  const { hour, minute, second, microsecond, fold, tzinfo } = time;
  const naive =
    prefix + new PyTime(hour, minute, second, microsecond).isoFormat();
  if (tzinfo instanceof PyTimezone) {
    return [naive, fold, tzinfo.offset.totalSeconds];
  }
  if (tzinfo instanceof PyZoneInfo && moment) {
    return [naive, fold, (Date.parse(`${naive}Z`) - moment.getTime()) / 1000];
  }
  return [naive, fold, null];
}

function modelOfLibrary(value: object): Model {
  if (value instanceof PyComplex) {
    return ['complex', [floatHex(value.real), floatHex(value.imaginary)]];
  }
  if (value instanceof PyDecimal) {
    return ['decimal', value.text];
  }
  if (value instanceof PyFraction) {
    return ['fraction', `${value.numerator}/${value.denominator}`];
  }
  if (value instanceof PyRange) {
    return ['range', [value.start, value.stop, value.step].map(String)];
  }
  if (value instanceof PySlice) {
    return ['slice', [value.start, value.stop, value.step].map(modelOf)];
  }
  if (value instanceof PyNumpyScalar) {
    const { dtype } = value;
    return ['scalar', [dtype.name, modelOfItem(value.value, dtype.kind)]];
  }
  if (value instanceof PyNDArray) {
    return ['array', [arrayName(value), [...value.shape], arrayItems(value)]];
  }
  if (value instanceof PyUuid) {
    return ['uuid', value.toString()];
  }
  if (value instanceof PyException) {
    return ['exception', [value.className, value.args.map(modelOf)]];
  }
  if (value instanceof PyObject) {
    return ['object', value.className];
  }
  throw new Error(`no model for ${value.constructor.name}`);
}

/** NumPy calls texts, bytes and records by their size in bits. */
function arrayName({ dtype }: PyNDArray): string {
  const prefix = { U: 'str', S: 'bytes', V: 'void' }[dtype.kind];
  return prefix ? `${prefix}${8 * dtype.itemSize}` : dtype.name;
}

function arrayItems(array: PyNDArray): Model[] {
  const items: Model[] = [];
  for (let flat = 0; flat < array.size; flat++) {
    let rest = flat;
    const indices = [...array.shape].reverse().map(length => {
      const index = rest % length;
      rest = Math.floor(rest / length);
      return index;
    });
    items.push(modelOfItem(array.item(indices.reverse()), array.dtype.kind));
  }
  return items;
}

function modelOfItem(value: unknown, kind: string): Model {
  return kind === 'f' ? ['float', floatHex(value as number)] : modelOf(value);
}

/** Build the plain value a model describes. */
export function valueOf([kind, content]: Model): unknown {
  const models = content as Model[];
  switch (kind) {
    case 'none':
    case 'bool':
    case 'str':
      return content;
    case 'int': {
      const value = BigInt(content as string);
      const exact = Number.isSafeInteger(Number(value));
      return exact ? Number(value) : value;
    }
    case 'float':
      return new PyFloat(Buffer.from(content as string, 'hex').readDoubleBE());
    case 'bytes':
      return Uint8Array.from(Buffer.from(content as string, 'hex'));
    case 'list':
      return models.map(valueOf);
    case 'tuple':
      return PyTuple.from(models.map(valueOf));
    case 'set':
      return new Set(models.map(valueOf));
    case 'frozenset':
      return new PyFrozenSet(models.map(valueOf));
    case 'dict':
      return new Map(
        (content as [Model, Model][]).map(([k, v]) => [valueOf(k), valueOf(v)])
      );
    default:
      return valueOfRule(kind, content);
  }
}

function valueOfRule(kind: string, content: unknown): unknown {
  if (kind === 'numbered') {
    const [prefix, count] = content as [string, number];
    return Array.from({ length: count }, (_, i) => `${prefix}${i}`);
  }
  if (kind === 'repeat') {
    const [unit, text, count] = content as [string, string, number];
    return valueOf([unit, text.repeat(count)]);
  }
  throw new Error(`no value for a model of kind ${kind}`);
}
