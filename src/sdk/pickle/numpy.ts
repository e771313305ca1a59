/**
 * NumPy arrays and scalars, read without NumPy.
 */

import { PyDtype } from './dtype.js';
import { readItem } from './items.js';
import { encodeLatin1 } from './latin1.js';
import { type NumericArray, typedArray } from './typedarrays.js';
import { PyTuple } from './values.js';

/** NumPy's own limit. */
const MAX_DIMENSIONS = 64;

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

  /**
   * All items, in row-major order: complex numbers as pairs of real and
   * imaginary part, booleans as 0 and 1, float16 as float32, dates and times
   * as integers in the dtype's unit. A view on `data` where its layout allows.
   *
   * @returns `undefined` when there is no typed array for the dtype.
   */
  toTypedArray(): NumericArray | undefined {
    return this.data instanceof Uint8Array
      ? typedArray(this.data, this.dtype, this.shape, this.fortranOrder)
      : undefined;
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
    const isShape = lengths.length <= MAX_DIMENSIONS && lengths.every(isLength);
    if (!(dtype instanceof PyDtype) || !isShape) {
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

function asData(data: unknown): Uint8Array | readonly unknown[] {
  if (data instanceof Uint8Array || Array.isArray(data)) {
    return data;
  }
  return typeof data === 'string' ? encodeLatin1(data) : [];
}

function isLength(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
