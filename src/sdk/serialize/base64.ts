/**
 * Base64 as Python's `codecs.encode(data, 'base64')` writes it: lines of 76
 * characters, each ended by a newline.
 */

import { DeserializationError } from '../errors.js';

/** Bytes in a line of 76 characters. */
const BYTES_PER_LINE = 57;

/**
 * Encode bytes in lines.
 */
export function encodeBase64(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let start = 0; start < bytes.length; start += BYTES_PER_LINE) {
    const line = bytes.subarray(start, start + BYTES_PER_LINE);
    lines.push(btoa(String.fromCharCode(...line)) + '\n');
  }
  return lines.join('');
}

/**
 * Decode base64 with or without line ends.
 *
 * @throws DeserializationError when it is malformed.
 */
export function decodeBase64(text: string): Uint8Array {
  let binary: string;
  try {
    // Whitespace, line ends included, is ignored.
    binary = atob(text);
  } catch {
    throw new DeserializationError('The text is not base64.');
  }
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) {
    bytes[i] = binary.charCodeAt(i);
  }
  return bytes;
}
