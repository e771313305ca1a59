/**
 * Ranges from their bounds.
 */

import { PyRange } from './values.js';

/**
 * A range from one to three integers; `undefined` when they are others.
 */
export function rangeOf(args: readonly unknown[]): PyRange | undefined {
  const bounds = args.filter(isInteger);
  if (bounds.length !== args.length || args.length < 1 || args.length > 3) {
    return undefined;
  }
  return bounds.length === 1
    ? new PyRange(0, bounds[0])
    : new PyRange(bounds[0], bounds[1], bounds[2] ?? 1);
}

/**
 * Whether a value is what Python's integers are read as.
 */
export function isInteger(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || Number.isInteger(value);
}
