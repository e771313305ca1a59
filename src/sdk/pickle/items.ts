/**
 * Single items of NumPy arrays.
 */

import type { PyDtype } from './dtype.js';
import { narrowInt } from './integers.js';
import { PyComplex } from './values.js';

/**
 * Read one item of an array's bytes.
 *
 * @param bytes - The array's bytes.
 * @param offset - Where the item begins, in bytes.
 * @param dtype - Its type.
 * @returns A JavaScript value: bigint for integers that no number holds, a
 * Map for a record; `undefined` when it is out of bounds or of a kind not
 * read.
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
    case 'V':
      return readRecord(bytes, offset, dtype);
    default:
      return undefined;
  }
}

/** A record as a Map by field, or its bytes where it has no fields. */
function readRecord(
  bytes: Uint8Array,
  offset: number,
  dtype: PyDtype
): unknown {
  if (dtype.fields.length === 0) {
    return bytes.slice(offset, offset + dtype.itemSize);
  }
  return new Map(
    dtype.fields.map(field => [
      field.name,
      // A dtype that is its own field would never end.
      field.dtype.fields.length > 0
        ? undefined
        : readItem(bytes, offset + field.offset, field.dtype)
    ])
  );
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

/**
 * A number from the bits of an IEEE 754 binary16, which DataView cannot read
 * in Node 20.
 */
export function halfToNumber(bits: number): number {
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
