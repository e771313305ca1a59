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
  ) {
    this.path = `${module}.${name}`;
  }

  /** Module and name, e.g. `collections.Counter`. */
  readonly path: string;
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

  /** Name of the class with its module, e.g. `pathlib.PurePosixPath`. */
  get className(): string {
    return classNameOf(this.callable, this.args);
  }

  /**
   * The attributes, by name: those of the state, where it is a dict or, for a
   * class with slots, a pair of dicts.
   */
  get attributes(): ReadonlyMap<unknown, unknown> {
    const parts = this.state instanceof PyTuple ? this.state : [this.state];
    return new Map(
      parts.flatMap(part =>
        part instanceof Map ? [...(part as Map<unknown, unknown>)] : []
      )
    );
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

/** Helpers that make objects of the class that is their first argument. */
const HELPERS: ReadonlySet<string> = new Set([
  'copyreg._reconstructor',
  'copyreg.__newobj__'
]);

/** Calls and classes may hold each other; names are looked for this deep. */
const MAX_HELPERS = 3;

function classNameOf(
  callable: unknown,
  args: readonly unknown[],
  depth = 0
): string {
  if (callable instanceof PyGlobal) {
    return HELPERS.has(callable.path) && depth < MAX_HELPERS
      ? classNameOf(args[0], [], depth + 1)
      : callable.path;
  }
  return callable instanceof PyObject
    ? (definedName(callable) ?? 'object')
    : 'object';
}

/** dill sends classes of `__main__` along: `type(name, bases, dict)`. */
function definedName({ callable, args }: PyObject): string | undefined {
  const [, name, , attributes] = args;
  const isClass =
    callable instanceof PyGlobal && callable.path === 'dill._dill._create_type';
  if (!isClass || typeof name !== 'string') {
    return undefined;
  }
  const module: unknown =
    attributes instanceof Map ? attributes.get('__module__') : undefined;
  return typeof module === 'string' ? `${module}.${name}` : name;
}
