/**
 * Typed arrays of the items of NumPy arrays.
 */

import type { PyDtype } from './dtype.js';
import { halfToNumber } from './items.js';

/**
 * The kinds of typed arrays that NumPy's items fit in.
 */
export type NumericArray =
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array
  | Int16Array
  | Int32Array
  | Int8Array
  | Uint16Array
  | Uint32Array
  | Uint8Array;

type NumericArrayClass = new (
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number
) => NumericArray;

/** By kind and item size; complex numbers are pairs of floats. */
const CLASSES: Readonly<Record<string, NumericArrayClass | undefined>> = {
  b1: Uint8Array,
  c16: Float64Array,
  c8: Float32Array,
  f2: Uint16Array,
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  M8: BigInt64Array,
  m8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array
};

/** Whether this machine stores the least significant byte first. */
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/**
 * The items of an array, in row-major order.
 *
 * @param bytes - The array's bytes.
 * @param dtype - Type of the items.
 * @param shape - Length of each dimension.
 * @param fortranOrder - Whether the first index runs fastest in the bytes.
 * @returns A view on the bytes where their layout allows, else a copy;
 * `undefined` when the dtype has no typed array, or the bytes are too few.
 */
export function typedArray(
  bytes: Uint8Array,
  dtype: PyDtype,
  shape: readonly number[],
  fortranOrder: boolean
): NumericArray | undefined {
  const arrayClass = CLASSES[`${dtype.kind}${dtype.itemSize}`];
  const count = shape.reduce((product, length) => product * length, 1);
  const byteLength = count * dtype.itemSize;
  if (!arrayClass || byteLength > bytes.length) {
    return undefined;
  }
  let items = bytes.subarray(0, byteLength);
  if (fortranOrder && shape.length > 1) {
    items = transposed(items, shape, dtype.itemSize);
  }
  const partSize = dtype.kind === 'c' ? dtype.itemSize / 2 : dtype.itemSize;
  if (partSize > 1 && (dtype.byteOrder !== '>') !== IS_LITTLE_ENDIAN) {
    items = swapped(items, partSize);
  }
  // A typed array begins at a multiple of its item size.
  const aligned = items.byteOffset % partSize === 0 ? items : copyOf(items);
  const { buffer, byteOffset } = aligned;
  const array = new arrayClass(buffer, byteOffset, byteLength / partSize);
  return dtype.kind === 'f' && array instanceof Uint16Array
    ? Float32Array.from(array, halfToNumber)
    : array;
}

/** Reorder items whose first index runs fastest. */
function transposed(
  bytes: Uint8Array,
  shape: readonly number[],
  itemSize: number
): Uint8Array {
  const result = new Uint8Array(bytes.length);
  const indices = shape.map(() => 0);
  for (let to = 0; to < bytes.length; to += itemSize) {
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from = from * shape[axis] + indices[axis];
    }
    const start = from * itemSize;
    result.set(bytes.subarray(start, start + itemSize), to);
    advance(indices, shape);
  }
  return result;
}

/** Move on to the next indices in row-major order. */
function advance(indices: number[], shape: readonly number[]): void {
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    indices[axis] += 1;
    if (indices[axis] < shape[axis]) {
      return;
    }
    indices[axis] = 0;
  }
}

function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const result = copyOf(bytes);
  for (let start = 0; start < result.length; start += size) {
    result.subarray(start, start + size).reverse();
  }
  return result;
}

function copyOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}
