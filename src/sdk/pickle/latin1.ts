/**
 * Latin-1: one character for each byte. TextDecoder has no such decoder; what
 * it calls `latin1` is Windows-1252.
 */

/** As many as can be passed to one call safely. */
const CHUNK = 4096;

/**
 * The text of bytes.
 */
export function decodeLatin1(bytes: Uint8Array): string {
  if (bytes.length <= CHUNK) {
    return String.fromCharCode(...bytes);
  }
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK) {
    parts.push(String.fromCharCode(...bytes.subarray(start, start + CHUNK)));
  }
  return parts.join('');
}

/**
 * The bytes of a text of code points below 256: what the bytes of a pickle of
 * protocols 0 to 2 come as. Of others the low byte is taken.
 */
export function encodeLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    bytes[i] = text.charCodeAt(i);
  }
  return bytes;
}

/**
 * Bytes, also as the text that protocols 0 to 2 write them as; `undefined` for
 * any other value.
 */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) {
    return value;
  }
  return typeof value === 'string' ? encodeLatin1(value) : undefined;
}
