/**
 * Python values that JavaScript has no equal for.
 *
 * None, bool, int, float, str, bytes, list, dict and set need nothing here:
 * they are `null`, boolean, `number | bigint`, `number`, string, `Uint8Array`,
 * array, `Map` and `Set`.
 */

/**
 * A tuple: an array of its own kind, because `(1, 2) != [1, 2]` in Python.
 *
 * Make one with `PyTuple.pack(1, 'a')` or `PyTuple.from(items)`: a number given
 * to `new` is a length, as it is for arrays.
 */
export class PyTuple extends Array<unknown> {
  /** A tuple of the items. */
  static pack(...items: unknown[]): PyTuple {
    return PyTuple.from(items);
  }
}

/**
 * A float, for numbers that would be read as integers: `new PyFloat(1)` is
 * `1.0`. Numbers with a fraction need no wrapper.
 */
export class PyFloat {
  constructor(readonly value: number) {}

  /** The number, so that arithmetic works. */
  valueOf(): number {
    return this.value;
  }
}

/**
 * A frozenset.
 */
export class PyFrozenSet extends Set<unknown> {}

/**
 * A bytearray.
 */
export class PyByteArray extends Uint8Array {}

/**
 * A complex number.
 */
export class PyComplex {
  constructor(
    readonly real: number,
    readonly imaginary: number
  ) {}
}

/**
 * A `decimal.Decimal`, as its text, e.g. `1.50` or `NaN`.
 */
export class PyDecimal {
  constructor(readonly text: string) {}
}

/**
 * A `fractions.Fraction`, in lowest terms.
 */
export class PyFraction {
  constructor(
    readonly numerator: number | bigint,
    readonly denominator: number | bigint
  ) {}
}

/**
 * A range.
 */
export class PyRange {
  constructor(
    readonly start: number | bigint,
    readonly stop: number | bigint,
    readonly step: number | bigint = 1
  ) {}
}

/**
 * A slice; `null` where a bound is None.
 */
export class PySlice {
  constructor(
    readonly start: unknown,
    readonly stop: unknown,
    readonly step: unknown
  ) {}
}

/**
 * The name of a class or function. Nothing is looked up or imported.
 */
export class PyGlobal {
  constructor(
    readonly module: string,
    readonly name: string
  ) {}

  /** Module and name, e.g. `collections.Counter`. */
  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/**
 * A pointer to something outside the pickle: a persistent id or a number of
 * the copyreg extension registry.
 */
export class PyReference {
  constructor(
    readonly kind: 'persistent-id' | 'extension',
    readonly id: unknown
  ) {}
}

/**
 * An object of a class the reader does not know, taken apart and inert: what
 * Python would have called, and what it would have passed. Nothing is called.
 */
export class PyObject {
  /**
   * @param callable - What Python would call: a PyGlobal as a rule.
   * @param args - The positional arguments.
   * @param kwargs - The keyword arguments, where the pickle has any.
   */
  constructor(
    readonly callable: unknown,
    readonly args: readonly unknown[],
    readonly kwargs?: unknown
  ) {}

  /** Name of the class with its module, e.g. `uuid.UUID`. */
  get className(): string {
    // Protocols 0 and 1, and dataclasses with slots, make objects through
    // these helpers, whose first argument is the class.
    const isHelper =
      this.callable instanceof PyGlobal &&
      /^copyreg\.(_reconstructor|__newobj__)$/.test(this.callable.path);
    const named = isHelper ? this.args[0] : this.callable;
    return named instanceof PyGlobal ? named.path : 'object';
  }

  /** What `__setstate__` would be given: a dict of attributes as a rule. */
  state: unknown = undefined;

  /** Items of a subclass of list. */
  items?: unknown[];

  /** Keys and values of a subclass of dict. */
  entries?: [unknown, unknown][];

  /** Keep the state for inspection. */
  setState(state: unknown): void {
    this.state = state;
  }
}
