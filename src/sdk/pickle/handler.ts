/**
 * Builds a value from what Python's callable would be given; `undefined` when
 * the arguments are not as expected, so that the object stays inert.
 */
export type PickleHandler = (args: readonly unknown[]) => unknown;
