/**
 * The values of Python's `collections` module.
 */

import { PyGlobal, PyTuple } from './values.js';

/**
 * A `collections.OrderedDict`.
 */
export class PyOrderedDict extends Map<unknown, unknown> {}

/**
 * The class of a named tuple that a pickle brings along, as dill's do.
 */
export class PyNamedTupleClass extends PyGlobal {
  /**
   * @param module - Module the class was defined in.
   * @param name - Name of the class.
   * @param fields - Names of the fields.
   */
  constructor(
    module: string,
    name: string,
    readonly fields: readonly string[]
  ) {
    super(module, name);
  }
}

/**
 * A named tuple whose fields are known. One that a pickle names only by its
 * class stays a PyObject: its fields are in a module that is not here.
 */
export class PyNamedTuple extends PyTuple {
  /** A named tuple of the items. */
  static make(
    type: PyNamedTupleClass,
    items: readonly unknown[]
  ): PyNamedTuple {
    const tuple = new PyNamedTuple();
    tuple._type = type;
    for (const item of items) {
      tuple.push(item);
    }
    return tuple;
  }

  /** Methods of arrays, such as `map`, give plain arrays. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** Name of the class. */
  get className(): string {
    return this._type?.path ?? 'tuple';
  }

  /** Names of the fields. */
  get fields(): readonly string[] {
    return this._type?.fields ?? [];
  }

  /** The item of a field; `undefined` when there is none of that name. */
  field(name: string): unknown {
    const index = this.fields.indexOf(name);
    return index < 0 ? undefined : this[index];
  }

  private _type?: PyNamedTupleClass;
}
