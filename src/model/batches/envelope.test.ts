// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { readEnvelope } from './envelope';

describe('readEnvelope', () => {
  it('reads what a cell brings back', () => {
    const envelope = readEnvelope(
      new Map<string, unknown>([
        ['gc', 1],
        ['out', 'printed\n'],
        ['err', ''],
        ['display', [new Map([['image/png', 'aGk=']])]],
        [
          'mime',
          new Map<string, unknown>([
            ['text/plain', '3'],
            ['application/json', new Map([['a', [1, 2n, NaN]]])]
          ])
        ]
      ])
    );
    expect(envelope).toEqual({
      stdout: 'printed\n',
      stderr: '',
      displays: [{ 'image/png': 'aGk=' }],
      mime: {
        'text/plain': '3',
        'application/json': { a: [1, null, null] }
      }
    });
  });

  it.each([3, null, 'gc', new Map([['gc', 2]]), new Map(), [1]])(
    'is null for a bare value: %j',
    value => {
      expect(readEnvelope(value)).toBeNull();
    }
  );

  it('survives an envelope that is not what it says', () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    const envelope = readEnvelope(
      new Map<string, unknown>([
        ['gc', 1],
        ['out', 5],
        ['display', 'no list'],
        [
          'mime',
          new Map<unknown, unknown>([
            ['a/b', cyclic],
            [3, 'x']
          ])
        ]
      ])
    );
    expect(envelope?.stdout).toBe('');
    expect(envelope?.displays).toEqual([]);
    expect(Object.keys(envelope?.mime ?? {})).toEqual(['a/b']);
  });
});
