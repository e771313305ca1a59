// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { requireVersion, VersionMismatch } from './versions.js';

describe('requireVersion', () => {
  it.each([
    ['4.19.0', '4.19.0', true],
    ['4.19.0', '4.20', false],
    ['4.19', '4.19.0', true],
    ['4.9.0', '4.10.0', false],
    ['5.0.0a1', '5.0.0', false],
    ['5.0.0', '5.0.0rc1', true],
    ['1.0.dev0', '5.0.0', true],
    ['4.19.0+local', '4.19.0', true],
    ['nonsense', '1.0', false]
  ])('%s against %s: %s', (version, minimum, passes) => {
    const check = () => {
      requireVersion('it', version, minimum);
    };
    if (passes) {
      check();
    } else {
      expect(check).toThrow(VersionMismatch);
    }
  });
});
