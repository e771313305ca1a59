// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { LookupCache } from './lookups.js';

describe('LookupCache', () => {
  it('looks up once for each token, and anew when cleared', async () => {
    let token = 'one';
    let loads = 0;
    const cache = new LookupCache(async () => ({ Authorization: token }));
    const load = async () => ++loads;
    expect(await cache.get('k', 1000, load)).toBe(1);
    expect(await cache.get('k', 1000, load)).toBe(1);
    expect(await cache.get('other', 1000, load)).toBe(2);
    token = 'two';
    expect(await cache.get('k', 1000, load)).toBe(3);
    cache.delete('k');
    expect(await cache.get('k', 0, load)).toBe(4);
    expect(await cache.get('k', 1000, load)).toBe(5);
    cache.clear();
    expect(await cache.get('k', 1000, load)).toBe(6);
    expect(JSON.stringify(cache)).not.toContain('two');
  });

  it('does not keep failures', async () => {
    const cache = new LookupCache(async () => ({}));
    const failing = cache.get('k', 1000, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await cache.get('k', 1000, async () => 1)).toBe(1);
  });
});
