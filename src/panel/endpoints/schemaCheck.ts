/**
 * Whether a value is what a JSON schema asks for.
 *
 * The schema comes from an endpoint, so from outside: nothing is compiled of
 * it, and its regular expressions are not run. Keywords that are not known
 * here ask for nothing; the endpoint checks all of them itself.
 */

import type { ReadonlyJSONObject, ReadonlyJSONValue } from '@lumino/coreutils';
import { JSONExt } from '@lumino/coreutils';

/** Where a value is not what its schema asks for. */
export interface ISchemaProblem {
  /** Names and indexes that lead to the value. */
  readonly path: readonly string[];
  /** The keyword that is not met, as `minimum`. */
  readonly keyword: string;
  /** What it asks for. */
  readonly wanted: ReadonlyJSONValue;
}

type Schema = Readonly<Record<string, unknown>>;

/** References that are followed one after another; more is a circle. */
const MAX_DEPTH = 32;

/**
 * Where a value is not what a schema asks for.
 *
 * @param schema - A JSON schema.
 * @param value - The value.
 * @param root - The schema that `#…` references are looked up in.
 */
export function findProblems(
  schema: unknown,
  value: unknown,
  root: unknown = schema
): ISchemaProblem[] {
  return check(schema, value, root, [], 0);
}

function check(
  given: unknown,
  value: unknown,
  root: unknown,
  path: readonly string[],
  depth: number
): ISchemaProblem[] {
  const schema = isObject(given) ? resolve(given, root) : given;
  if (!isObject(schema) || value === undefined || depth > MAX_DEPTH) {
    return [];
  }
  const inner = (
    part: unknown,
    at: unknown,
    ...names: string[]
  ): ISchemaProblem[] => check(part, at, root, [...path, ...names], depth + 1);
  return [
    ...checkValue(schema, value, path),
    ...checkChoices(schema, path, part => inner(part, value).length === 0),
    ...list(schema['allOf']).flatMap(part => inner(part, value)),
    ...(isObject(value) ? checkObject(schema, value, path, inner) : []),
    ...(Array.isArray(value)
      ? value.flatMap((item, at) => inner(schema['items'], item, String(at)))
      : [])
  ];
}

function checkValue(
  schema: Schema,
  value: unknown,
  path: readonly string[]
): ISchemaProblem[] {
  const size =
    typeof value === 'string' || Array.isArray(value) ? value.length : null;
  const number = typeof value === 'number' ? value : null;
  const text = typeof value === 'string';
  const holds: Record<string, (wanted: unknown) => boolean> = {
    type: wanted => [wanted].flat().some(type => hasType(value, type)),
    enum: wanted => list(wanted).some(option => isSame(option, value)),
    const: wanted => isSame(wanted, value),
    minimum: wanted => !isBelow(number, wanted),
    maximum: wanted => !isBelow(wanted, number),
    exclusiveMinimum: wanted =>
      typeof wanted !== 'number' || isBelow(wanted, number ?? Infinity),
    exclusiveMaximum: wanted =>
      typeof wanted !== 'number' || isBelow(number ?? -Infinity, wanted),
    minLength: wanted => !text || !isBelow(size, wanted),
    maxLength: wanted => !text || !isBelow(wanted, size),
    minItems: wanted => text || !isBelow(size, wanted),
    maxItems: wanted => text || !isBelow(wanted, size)
  };
  return Object.entries(holds)
    .filter(([keyword, check]) => keyword in schema && !check(schema[keyword]))
    .map(([keyword]) => problem(path, keyword, schema[keyword]));
}

function checkChoices(
  schema: Schema,
  path: readonly string[],
  fits: (part: unknown) => boolean
): ISchemaProblem[] {
  return ['anyOf', 'oneOf']
    .filter(keyword => {
      const parts = list(schema[keyword]);
      return parts.length > 0 && !parts.some(fits);
    })
    .map(keyword => problem(path, keyword, null));
}

function checkObject(
  schema: Schema,
  value: Schema,
  path: readonly string[],
  inner: (part: unknown, at: unknown, name: string) => ISchemaProblem[]
): ISchemaProblem[] {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const others = schema['additionalProperties'];
  return [
    ...list(schema['required'])
      .filter(name => value[String(name)] === undefined)
      .map(name => problem([...path, String(name)], 'required', null)),
    ...Object.entries(value).flatMap(([name, item]) => {
      if (Object.hasOwn(properties, name)) {
        return inner(properties[name], item, name);
      }
      return others === false && item !== undefined
        ? [problem([...path, name], 'additionalProperties', false)]
        : inner(others, item, name);
    })
  ];
}

/** What a `#…` reference names; a schema without one is itself. */
function resolve(schema: Schema, root: unknown): unknown {
  let found: unknown = schema;
  for (let step = 0; step < MAX_DEPTH && isObject(found); step++) {
    const reference = found['$ref'];
    if (typeof reference !== 'string' || !reference.startsWith('#')) {
      return found;
    }
    found = follow(reference, root);
  }
  // A circle of references asks for nothing.
  return undefined;
}

function follow(reference: string, root: unknown): unknown {
  return reference
    .split('/')
    .slice(1)
    .map(name => name.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (at, name) =>
        isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined,
      root
    );
}

function hasType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
    case 'string':
    case 'boolean':
      return typeof value === type;
    default:
      return true;
  }
}

/** Whether both are numbers, and one is below the other. */
function isBelow(a: unknown, b: unknown): boolean {
  return typeof a === 'number' && typeof b === 'number' && a < b;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSONExt.deepEqual(a as ReadonlyJSONValue, b as ReadonlyJSONValue);
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function problem(
  path: readonly string[],
  keyword: string,
  wanted: unknown
): ISchemaProblem {
  return { path, keyword, wanted: wanted as ReadonlyJSONObject };
}
