/**
 * NumPy's types of items.
 */

import { decodeLatin1 } from './latin1.js';
import { PyTuple } from './values.js';

/** `float64` and so on, by kind and item size. */
const KIND_NAMES: Readonly<Record<string, string | undefined>> = {
  b: 'bool',
  i: 'int',
  u: 'uint',
  f: 'float',
  c: 'complex',
  M: 'datetime64',
  m: 'timedelta64',
  O: 'object'
};

/** Kinds whose name does not give the size. */
const UNSIZED_KINDS = 'bOMm';

/** Fields of one record; NumPy sets no limit, a hostile pickle needs one. */
const MAX_FIELDS = 1000;

/**
 * A field of a structured dtype.
 */
export interface IDtypeField {
  /** Name of the field. */
  readonly name: string;

  /** Type of its items. */
  readonly dtype: PyDtype;

  /** Where it begins in a record, in bytes. */
  readonly offset: number;
}

/**
 * A `numpy.dtype`.
 */
export class PyDtype {
  /**
   * @param code - Kind and size as in a pickle, e.g. `f8` or `U2`.
   */
  constructor(readonly code: string) {
    this.kind = code.charAt(0);
    this._count = Number(/^.(\d{1,9})$/.exec(code)?.[1] ?? 0);
  }

  /** `b`, `i`, `u`, `f`, `c`, `M`, `m`, `O`, `S`, `U` or `V`. */
  readonly kind: string;

  /** `<` or `>`; `|` where there is no order. */
  byteOrder: '<' | '>' | '|' = '|';

  /** Fields of a structured dtype; none for others. */
  fields: readonly IDtypeField[] = [];

  /** Unit of a datetime64 or timedelta64, e.g. `ns` or `10ms`. */
  unit = '';

  /** Size of one item in bytes. */
  get itemSize(): number {
    return this.kind === 'U' ? 4 * this._count : this._count;
  }

  /** Name for people, e.g. `float64`, `<U2` or `datetime64[ns]`. */
  get name(): string {
    const name = KIND_NAMES[this.kind];
    if (name === undefined) {
      return (this.byteOrder === '|' ? '|' : this.byteOrder) + this.code;
    }
    if (this.unit !== '') {
      return `${name}[${this.unit}]`;
    }
    return UNSIZED_KINDS.includes(this.kind)
      ? name
      : `${name}${8 * this.itemSize}`;
  }

  /**
   * Take a pickled state: version, byte order, subdtype, names, fields, item
   * size, alignment, flags and metadata.
   */
  setState(state: unknown): void {
    if (!(state instanceof PyTuple)) {
      return;
    }
    const [, order, , names, fields] = state;
    if (order === '<' || order === '>') {
      this.byteOrder = order;
    } else if (order === '=') {
      this.byteOrder = '<';
    }
    this.fields = fieldsOf(names, fields);
    this.unit = unitOf(state[8]);
  }

  private readonly _count: number;
}

function fieldsOf(names: unknown, fields: unknown): IDtypeField[] {
  if (!(names instanceof PyTuple) || !(fields instanceof Map)) {
    return [];
  }
  return names.slice(0, MAX_FIELDS).flatMap(name => {
    const field: unknown = fields.get(name);
    const [dtype, offset] = field instanceof PyTuple ? field : [];
    return typeof name === 'string' &&
      dtype instanceof PyDtype &&
      typeof offset === 'number'
      ? [{ name, dtype, offset }]
      : [];
  });
}

/** From `(..., (unit, count, 1, 1))`. */
function unitOf(metadata: unknown): string {
  const parts = metadata instanceof PyTuple ? metadata.at(-1) : undefined;
  if (!(parts instanceof PyTuple)) {
    return '';
  }
  const [name, count] = parts;
  const unit = name instanceof Uint8Array ? decodeLatin1(name) : name;
  if (typeof unit !== 'string' || unit.length > 8) {
    return '';
  }
  return typeof count === 'number' && count !== 1 ? `${count}${unit}` : unit;
}
