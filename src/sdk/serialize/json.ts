/**
 * JSON as Python's `json` module reads and writes it: with NaN, infinities
 * and integers of any size, none of which JavaScript's JSON knows.
 */

import { DeserializationError, SerializationError } from '../errors.js';
import { floatLiteral } from '../pickle/literals.js';
import { PyFloat } from '../pickle/values.js';

/** Deeper values would exhaust the stack of some browsers. */
const MAX_DEPTH = 1000;

/** What JSON.parse would refuse or round, strings excepted. */
const NEEDS_CARE = /NaN|Infinity|\d{16}/;

/** A string, to be passed over, or a token JSON.parse would not do well. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN|-?\d{16,}(?![\d.eE])/g;

const NAMED_NUMBERS: Readonly<Record<string, number | undefined>> = {
  NaN,
  Infinity,
  '-Infinity': -Infinity
};

/**
 * Read JSON as Python writes it. Integers that no number holds exactly become
 * bigints; objects become plain objects.
 *
 * @throws DeserializationError when it is malformed.
 */
export function parseJson(text: string): unknown {
  try {
    return NEEDS_CARE.test(text) ? parseWithCare(text) : JSON.parse(text);
  } catch {
    throw new DeserializationError('The text is not JSON.');
  }
}

function parseWithCare(text: string): unknown {
  // Unknown to whoever wrote the text, so that no string in it looks like one.
  const marker = `${Math.random()}:`;
  const marked = text.replace(TOKENS, token =>
    token.startsWith('"') ? token : `"${marker}${token}"`
  );
  return JSON.parse(marked, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith(marker)
      ? parseToken(value.slice(marker.length))
      : value
  );
}

function parseToken(token: string): number | bigint {
  const named = NAMED_NUMBERS[token];
  if (named !== undefined) {
    return named;
  }
  const value = Number(token);
  return Number.isSafeInteger(value) ? value : BigInt(token);
}

/**
 * Write JSON as Python's `json.dumps` does, byte for byte.
 *
 * Maps and plain objects become objects; their keys must be texts, numbers,
 * booleans or null.
 *
 * @throws SerializationError when a value has no place in JSON.
 */
export function jsonText(value: unknown, depth = 0): string {
  switch (typeof value) {
    case 'undefined':
      return 'null';
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'number':
      return numberText(value);
    case 'string':
      return stringText(value);
    case 'object':
      return value === null ? 'null' : objectText(value, depth);
    default:
      throw notJson(typeof value);
  }
}

function objectText(value: object, depth: number): string {
  if (depth >= MAX_DEPTH) {
    throw new SerializationError(
      `The value is nested more than ${MAX_DEPTH} levels deep. ` +
        'Send it in a flatter form.'
    );
  }
  if (value instanceof PyFloat) {
    return floatText(value.value);
  }
  if (Array.isArray(value)) {
    const items = value.map(item => jsonText(item, depth + 1));
    return `[${items.join(', ')}]`;
  }
  const entries = entriesOf(value).map(
    ([key, item]) => `${keyText(key)}: ${jsonText(item, depth + 1)}`
  );
  return `{${entries.join(', ')}}`;
}

function entriesOf(value: object): [unknown, unknown][] {
  if (value instanceof Map) {
    return [...value];
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || Object.getPrototypeOf(prototype) === null) {
    return Object.entries(value);
  }
  throw notJson(value.constructor.name);
}

function keyText(key: unknown): string {
  const isScalar = key === null || typeof key !== 'object';
  if (!isScalar && !(key instanceof PyFloat)) {
    throw notJson('key of a dict');
  }
  return typeof key === 'string' ? stringText(key) : `"${jsonText(key)}"`;
}

function numberText(value: number): string {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
    ? String(value)
    : floatText(value);
}

function floatText(value: number): string {
  return Number.isFinite(value) ? floatLiteral(value) : String(value);
}

/** Python escapes everything outside of printable ASCII. */
function stringText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  );
}

function notJson(kind: string): SerializationError {
  return new SerializationError(
    `A value of kind "${kind}" has no place in JSON. Send null, booleans, ` +
      'numbers, strings, arrays and objects, or use the data strategy "00".'
  );
}
