// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { decodeText, encodeText } from './base64';

describe('base64', () => {
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
