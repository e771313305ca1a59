/**
 * Several serialized values in one text: `<length>\n<text>` for each.
 *
 * Lengths count code points, as Python's `len` does, not UTF-16 units.
 */

import { DeserializationError } from '../errors.js';

/**
 * Join serialized values.
 *
 * @see globus_compute_sdk/serialize/utils.py, `pack_buffers`
 */
export function packBuffers(buffers: readonly string[]): string {
  return buffers.map(text => `${codePointCount(text)}\n${text}`).join('');
}

/**
 * Take joined values apart.
 *
 * @throws DeserializationError when a length is malformed or too large.
 *
 * @see globus_compute_sdk/serialize/utils.py, `unpack_buffers`
 */
export function unpackBuffers(packed: string): string[] {
  const buffers: string[] = [];
  let position = 0;
  while (position < packed.length) {
    const newline = packed.indexOf('\n', position);
    const digits = newline < 0 ? '' : packed.slice(position, newline);
    if (!/^\d{1,15}$/.test(digits)) {
      throw new DeserializationError(
        'A packed buffer does not begin with its length.'
      );
    }
    const start = newline + 1;
    position = skipCodePoints(packed, start, Number(digits));
    buffers.push(packed.slice(start, position));
  }
  return buffers;
}

function codePointCount(text: string): number {
  // Every high surrogate followed by a low one makes two units one point.
  const pairs = text.match(/[\ud800-\udbff][\udc00-\udfff]/g);
  return text.length - (pairs?.length ?? 0);
}

function skipCodePoints(text: string, start: number, count: number): number {
  // Without surrogates, the common case, points and units are the same.
  const end = start + count;
  if (end > text.length) {
    throw truncated(count);
  }
  if (!/[\ud800-\udfff]/.test(text.slice(start, end))) {
    return end;
  }
  let position = start;
  for (let i = 0; i < count; i++) {
    const point = text.codePointAt(position);
    if (point === undefined) {
      throw truncated(count);
    }
    position += point > 0xffff ? 2 : 1;
  }
  return position;
}

function truncated(count: number): DeserializationError {
  return new DeserializationError(
    `A packed buffer ends before its ${count} characters.`
  );
}
