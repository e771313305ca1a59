/* Pieces that String.fromCharCode can take as arguments. */
const CHUNK_BYTES = 0x8000;

/** The UTF-8 bytes of a text, in base64 without line breaks. */
export function encodeText(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const parts: string[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    parts.push(
      String.fromCharCode(...bytes.subarray(start, start + CHUNK_BYTES))
    );
  }
  return btoa(parts.join(''));
}

/** The text whose UTF-8 bytes are given in base64. */
export function decodeText(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0));
  // A byte order mark in front is part of the text.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
