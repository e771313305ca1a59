// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { decodeText, encodeText } from './base64';

/** What new engines have, and the Node that runs this may not. */
const NATIVE = {
  toBase64(this: Uint8Array): string {
    return Buffer.from(this).toString('base64');
  },
  fromBase64(base64: string): Uint8Array {
    return new Uint8Array(Buffer.from(base64, 'base64'));
  }
};

describe.each([false, true])('base64, by the engine: %s', isNative => {
  const places = { toBase64: Uint8Array.prototype, fromBase64: Uint8Array };
  const before = Object.entries(places).map(
    ([name, place]) =>
      [place, name, Object.getOwnPropertyDescriptor(place, name)] as const
  );

  beforeEach(() => {
    for (const [name, place] of Object.entries(places)) {
      Object.defineProperty(place, name, {
        configurable: true,
        value: isNative ? NATIVE[name as keyof typeof NATIVE] : undefined
      });
    }
  });

  afterEach(() => {
    for (const [place, name, descriptor] of before) {
      if (descriptor) {
        Object.defineProperty(place, name, descriptor);
      } else {
        Reflect.deleteProperty(place, name);
      }
    }
  });

  it.each([
    ['', ''],
    ['a', 'YQ=='],
    ['é', 'w6k='],
    ['𝒳 = 1', '8J2SsyA9IDE=']
  ])('writes the UTF-8 bytes of %j as %j', (text, base64) => {
    expect(encodeText(text)).toBe(base64);
    expect(decodeText(base64)).toBe(text);
  });

  it.each([
    ['pieces that end inside a character', 'a𝒳é€'.repeat(40_000)],
    ['control characters', '\0\n\r\u2028\ufeff"\'\\'],
    ['a byte order mark in front', '\ufefftext']
  ])('brings back %s', (_, text) => {
    const base64 = encodeText(text);
    expect(base64).toMatch(/^[A-Za-z0-9+/]*=*$/);
    expect(Buffer.from(base64, 'base64').toString('utf8')).toBe(text);
    expect(decodeText(base64)).toBe(text);
  });
});
