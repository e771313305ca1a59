/**
 * SHA-256 of a text in hex, to tell later whether a cell was edited.
 *
 * @returns an empty string where the page may not use cryptography: over
 * plain HTTP from another computer.
 */
export async function sourceHash(text: string): Promise<string> {
  if (!globalThis.isSecureContext || !('subtle' in crypto)) {
    return '';
  }
  const bytes = new TextEncoder().encode(text);
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), byte =>
    byte.toString(16).padStart(2, '0')
  ).join('');
}
