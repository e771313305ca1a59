/**
 * Python integers of any size: `number` where exact, else `bigint`.
 */

import { DeserializationError } from '../errors.js';

/** Digits Python itself accepts in one decimal literal. */
const MAX_DIGITS = 4300;

const BYTE = 8n;

const HEX_PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0')
);

/**
 * A number if it is exact as one, else the bigint itself.
 */
export function narrowInt(value: bigint): number | bigint {
  const exact =
    value >= BigInt(Number.MIN_SAFE_INTEGER) &&
    value <= BigInt(Number.MAX_SAFE_INTEGER);
  return exact ? Number(value) : value;
}

/**
 * Decode two's complement, least significant byte first.
 */
export function decodeInt(bytes: Uint8Array): number | bigint {
  const length = bytes.length;
  const negative = length > 0 && (bytes[length - 1] & 0x80) !== 0;
  if (length <= 6) {
    let value = 0;
    for (let i = length - 1; i >= 0; i--) {
      value = value * 256 + bytes[i];
    }
    return negative ? value - 2 ** (8 * length) : value;
  }
  let digits = '0x';
  for (let i = length - 1; i >= 0; i--) {
    digits += HEX_PAIRS[bytes[i]];
  }
  const value = BigInt(digits);
  return narrowInt(negative ? value - (1n << (BYTE * BigInt(length))) : value);
}

/**
 * Encode as two's complement in as few bytes as Python's `encode_long`.
 */
export function encodeInt(value: bigint): Uint8Array {
  if (value === 0n) {
    return new Uint8Array(0);
  }
  const magnitude = value < 0n ? -value - 1n : value;
  const bits = magnitude === 0n ? 1 : magnitude.toString(2).length + 1;
  const length = Math.ceil(bits / 8);
  const unsigned = BigInt.asUintN(8 * length, value);
  const hex = unsigned.toString(16).padStart(2 * length, '0');
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const end = hex.length - 2 * i;
    bytes[i] = parseInt(hex.slice(end - 2, end), 16);
  }
  return bytes;
}

/**
 * Read a decimal literal, with the `L` of Python 2 or without.
 *
 * @throws DeserializationError when it is none.
 */
export function parseInteger(text: string): number | bigint {
  const match = /^\s*([+-]?)(\d+)L?\s*$/.exec(text);
  if (!match || match[2].length > MAX_DIGITS) {
    throw new DeserializationError('An integer in the pickle is malformed.');
  }
  const value = BigInt(match[2]);
  return narrowInt(match[1] === '-' ? -value : value);
}
