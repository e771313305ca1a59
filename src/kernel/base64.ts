/* Pieces that String.fromCharCode can take as arguments. */
const CHUNK_BYTES = 0x8000;

/*
 * What engines of 2025 and later do by themselves, ten times as fast: a large
 * batch has megabytes of it.
 */
interface INativeBytes extends Uint8Array {
  toBase64?: () => string;
}

interface INativeBytesConstructor {
  fromBase64?: (base64: string) => Uint8Array;
}

/** The UTF-8 bytes of a text, in base64 without line breaks. */
export function encodeText(text: string): string {
  const bytes: INativeBytes = new TextEncoder().encode(text);
  return bytes.toBase64?.() ?? encodeBytes(bytes);
}

/** The text whose UTF-8 bytes are given in base64. */
export function decodeText(base64: string): string {
  const { fromBase64 } = Uint8Array as INativeBytesConstructor;
  const bytes = fromBase64
    ? fromBase64.call(Uint8Array, base64)
    : decodeBytes(base64);
  // A byte order mark in front is part of the text.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function encodeBytes(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    const chunk = bytes.subarray(start, start + CHUNK_BYTES);
    // Spreading them would go through their iterator, one by one.
    parts.push(String.fromCharCode.apply(null, chunk as unknown as number[]));
  }
  return btoa(parts.join(''));
}

function decodeBytes(base64: string): Uint8Array {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) {
    bytes[at] = binary.charCodeAt(at);
  }
  return bytes;
}
