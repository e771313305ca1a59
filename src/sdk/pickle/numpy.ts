/**
 * NumPy arrays and scalars, read without NumPy.
 */

import { narrowInt } from './integers.js';
import { PyComplex, PyTuple } from './values.js';

/** `float64` and so on, by kind and item size. */
const KIND_NAMES: Readonly<Record<string, string | undefined>> = {
  b: 'bool',
  i: 'int',
  u: 'uint',
  f: 'float',
  c: 'complex',
  M: 'datetime64',
  m: 'timedelta64',
  O: 'object',
  S: 'bytes',
  U: 'str',
  V: 'void'
};

/** Kinds whose name does not give the size. */
const UNSIZED_KINDS = 'bOMm';

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

  /** Size of one item in bytes. */
  get itemSize(): number {
    return this.kind === 'U' ? 4 * this._count : this._count;
  }

  /** Name for people, e.g. `float64` or `<U2`. */
  get name(): string {
    const name = KIND_NAMES[this.kind];
    if (this.kind === 'U' || this.kind === 'S' || name === undefined) {
      return (this.byteOrder === '|' ? '|' : this.byteOrder) + this.code;
    }
    return UNSIZED_KINDS.includes(this.kind)
      ? name
      : `${name}${8 * this.itemSize}`;
  }

  /** Take the byte order from a pickled state; other fields are not used. */
  setState(state: unknown): void {
    const order = state instanceof PyTuple ? state[1] : undefined;
    if (order === '<' || order === '>') {
      this.byteOrder = order;
    } else if (order === '=') {
      this.byteOrder = '<';
    }
  }

  private readonly _count: number;
}

/**
 * A `numpy.ndarray`.
 */
export class PyNDArray {
  /** Type of the items. */
  dtype = new PyDtype('V0');

  /** Length of each dimension; empty for an array of no dimensions. */
  shape: readonly number[] = [];

  /** Whether the first index runs fastest in `data`. */
  fortranOrder = false;

  /** The items: their bytes, or the values of an array of objects. */
  data: Uint8Array | readonly unknown[] = [];

  /** Number of items. */
  get size(): number {
    return this.shape.reduce((product, length) => product * length, 1);
  }

  /**
   * One item.
   *
   * @param indices - One index for each dimension.
   * @returns A JavaScript value; `undefined` for items of a kind that is not
   * read, such as records.
   */
  item(indices: readonly number[]): unknown {
    let position = 0;
    let stride = 1;
    for (let i = 0; i < this.shape.length; i++) {
      const axis = this.fortranOrder ? i : this.shape.length - 1 - i;
      position += indices[axis] * stride;
      stride *= this.shape[axis];
    }
    return this.data instanceof Uint8Array
      ? readItem(this.data, position * this.dtype.itemSize, this.dtype)
      : this.data[position];
  }

  /** Take a pickled state: `(version, shape, dtype, fortran, data)`. */
  setState(state: unknown): void {
    if (!(state instanceof PyTuple) || state.length !== 5) {
      return;
    }
    const [, shape, dtype, fortran, data] = state;
    this.fill(shape, dtype, fortran === true, data);
  }

  /**
   * Set all parts of the array; parts of a wrong kind leave it empty.
   */
  fill(shape: unknown, dtype: unknown, fortran: boolean, data: unknown): void {
    const lengths: unknown[] = Array.isArray(shape) ? shape : [];
    if (!(dtype instanceof PyDtype) || !lengths.every(isLength)) {
      return;
    }
    this.dtype = dtype;
    this.shape = lengths;
    this.fortranOrder = fortran;
    this.data = asData(data);
  }
}

/**
 * A NumPy scalar such as `numpy.float64(1.5)`.
 */
export class PyNumpyScalar {
  constructor(
    readonly dtype: PyDtype,
    /** The JavaScript value; `undefined` for kinds that are not read. */
    readonly value: unknown
  ) {}

  /** The value, so that arithmetic works. */
  valueOf(): unknown {
    return this.value;
  }
}

/**
 * Bytes of a protocol 0 to 2 pickle come as text of code points below 256.
 */
export function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, character => character.charCodeAt(0));
}

/**
 * Read one item of an array's bytes.
 *
 * @param bytes - The array's bytes.
 * @param offset - Where the item begins, in bytes.
 * @param dtype - Its type.
 * @returns `undefined` when it is out of bounds or of a kind not read.
 */
export function readItem(
  bytes: Uint8Array,
  offset: number,
  dtype: PyDtype
): unknown {
  const size = dtype.itemSize;
  if (offset + size > bytes.length || offset < 0) {
    return undefined;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, size);
  const little = dtype.byteOrder !== '>';
  switch (dtype.kind) {
    case 'b':
      return size === 1 ? view.getUint8(0) !== 0 : undefined;
    case 'i':
    case 'u':
    case 'M':
    case 'm':
      return readInteger(view, dtype.kind !== 'u', little);
    case 'f':
      return readFloat(view, 0, size, little);
    case 'c':
      return readComplex(view, little);
    case 'U':
      return readText(view, little);
    case 'S':
      return new Uint8Array(bytes.subarray(offset, offset + trimmedSize(view)));
    default:
      return undefined;
  }
}

function readInteger(view: DataView, signed: boolean, little: boolean) {
  switch (view.byteLength) {
    case 1:
      return signed ? view.getInt8(0) : view.getUint8(0);
    case 2:
      return signed ? view.getInt16(0, little) : view.getUint16(0, little);
    case 4:
      return signed ? view.getInt32(0, little) : view.getUint32(0, little);
    case 8:
      return narrowInt(
        signed ? view.getBigInt64(0, little) : view.getBigUint64(0, little)
      );
    default:
      return undefined;
  }
}

function readFloat(
  view: DataView,
  offset: number,
  size: number,
  little: boolean
): number | undefined {
  switch (size) {
    case 2:
      return halfToNumber(view.getUint16(offset, little));
    case 4:
      return view.getFloat32(offset, little);
    case 8:
      return view.getFloat64(offset, little);
    default:
      return undefined;
  }
}

function readComplex(view: DataView, little: boolean): PyComplex | undefined {
  const half = view.byteLength / 2;
  const real = readFloat(view, 0, half, little);
  const imaginary = readFloat(view, half, half, little);
  return real === undefined || imaginary === undefined
    ? undefined
    : new PyComplex(real, imaginary);
}

function readText(view: DataView, little: boolean): string | undefined {
  let text = '';
  for (let i = 0; i < view.byteLength; i += 4) {
    const point = view.getUint32(i, little);
    if (point > 0x10ffff) {
      return undefined;
    }
    text += String.fromCodePoint(point);
  }
  return text.replace(/\0+$/, '');
}

/** IEEE 754 binary16, which DataView cannot read in Node 20. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) {
    return sign * fraction * 2 ** -24;
  }
  if (exponent === 0x1f) {
    return fraction ? NaN : sign * Infinity;
  }
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function trimmedSize(view: DataView): number {
  let size = view.byteLength;
  while (size > 0 && view.getUint8(size - 1) === 0) {
    size -= 1;
  }
  return size;
}

function asData(data: unknown): Uint8Array | readonly unknown[] {
  if (data instanceof Uint8Array || Array.isArray(data)) {
    return data;
  }
  return typeof data === 'string' ? latin1Bytes(data) : [];
}

function isLength(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
