/**
 * Python's UTF-8 with `surrogatepass`: lone surrogates are kept, as three
 * bytes each, where TextEncoder and TextDecoder would replace them.
 */

import { DeserializationError } from '../errors.js';

/** Below this many bytes a loop beats the call into TextDecoder. */
const SHORT = 24;

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const ENCODER = new TextEncoder();

/**
 * Encode a string, lone surrogates included.
 */
export function encodeUtf8(text: string): Uint8Array {
  if (!/\p{Surrogate}/u.test(text)) {
    return ENCODER.encode(text);
  }
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point >= 0xd800 && point <= 0xdfff) {
      bytes.push(0xed, 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f));
    } else {
      bytes.push(...ENCODER.encode(character));
    }
  }
  return Uint8Array.from(bytes);
}

/**
 * Decode bytes, lone surrogates included.
 *
 * @throws DeserializationError when the bytes are not UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  const short = bytes.length < SHORT ? decodeAscii(bytes) : undefined;
  if (short !== undefined) {
    return short;
  }
  try {
    return DECODER.decode(bytes);
  } catch {
    return decodeWithSurrogates(bytes);
  }
}

function decodeAscii(bytes: Uint8Array): string | undefined {
  let text = '';
  for (const byte of bytes) {
    if (byte >= 0x80) {
      return undefined;
    }
    text += String.fromCharCode(byte);
  }
  return text;
}

function decodeWithSurrogates(bytes: Uint8Array): string {
  const parts: string[] = [];
  let index = 0;
  while (index < bytes.length) {
    const size = sequenceLength(bytes[index]);
    parts.push(String.fromCodePoint(codePoint(bytes, index, size)));
    index += size;
  }
  return parts.join('');
}

function sequenceLength(lead: number): number {
  if (lead < 0x80) {
    return 1;
  }
  if (lead >= 0xc2 && lead < 0xe0) {
    return 2;
  }
  if (lead >= 0xe0 && lead < 0xf0) {
    return 3;
  }
  if (lead >= 0xf0 && lead < 0xf5) {
    return 4;
  }
  throw notUtf8();
}

/** Smallest code point a sequence of each length may hold. */
const SMALLEST = [0, 0, 0x80, 0x800, 0x10000];

function codePoint(bytes: Uint8Array, start: number, size: number): number {
  let point = size === 1 ? bytes[start] : bytes[start] & (0x7f >> size);
  for (let i = 1; i < size; i++) {
    const byte = bytes[start + i];
    if (start + i >= bytes.length || (byte & 0xc0) !== 0x80) {
      throw notUtf8();
    }
    point = (point << 6) | (byte & 0x3f);
  }
  if (point < SMALLEST[size] || point > 0x10ffff) {
    throw notUtf8();
  }
  return point;
}

function notUtf8(): DeserializationError {
  return new DeserializationError('A text in the pickle is not UTF-8.');
}
