/**
 * Values that are completed after they were made.
 */

/**
 * A value that takes what `__setstate__` would be given.
 */
export interface IStateful {
  /** Take the state; one that is not as expected is left out. */
  setState(state: unknown): void;
}

/**
 * Whether a value takes a state.
 */
export function hasState(value: object): value is IStateful {
  return 'setState' in value && typeof value.setState === 'function';
}
