// @vitest-environment node
import { afterEach, describe, expect, it, vi } from 'vitest';

import { ResultDecoder } from './decoder.js';
import { NetworkError } from './errors.js';
import { ComputeSerializer } from './serialize/serializer.js';

afterEach(() => {
  vi.doUnmock('./serialize/serializer.js');
});

describe('ResultDecoder', () => {
  it('reads with the serializer it is given', async () => {
    const serializer = new ComputeSerializer();
    const decode = await new ResultDecoder(serializer).load();
    expect(decode('11\n[1]')).toEqual([1]);
  });

  it('tries again when its code could not be loaded', async () => {
    vi.doMock('./serialize/serializer.js', () => {
      throw new Error('offline');
    });
    const decoder = new ResultDecoder();
    await expect(decoder.load()).rejects.toThrow(NetworkError);
    vi.doUnmock('./serialize/serializer.js');
    expect((await decoder.load())('11\n1')).toBe(1);
  });
});
