/**
 * Narrowing of parsed JSON, which may hold anything.
 */

/**
 * Narrow to an object with string keys; arrays are not objects here.
 */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The value if it is an object, else an empty object.
 */
export function recordOrEmpty(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/**
 * The value if it is a string that is not empty, else `undefined`.
 */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
