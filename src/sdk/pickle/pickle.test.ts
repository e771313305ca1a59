// @vitest-environment node
import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { readFixture } from '../testing/fixtures.js';
import { type Model, modelOf, valueOf } from '../testing/models.js';
import { loads } from './reader.js';
import { dumps } from './writer.js';

interface IRecord {
  name: string;
  model: Model;
  dill: string;
  protocols: string[];
}

const { plain, rich, foreign, large } = readFixture(
  'pickle/__fixtures__/pickles.json'
) as {
  plain: IRecord[];
  rich: IRecord[];
  foreign: IRecord[];
  large: { name: string; model: Model; sha256: string }[];
};

const read = (base64: string) =>
  modelOf(loads(Buffer.from(base64, 'base64'), { keepFloats: true }));

/** Values that occur twice in Python are one value there and two here. */
const SHARED = new Set(['shared', 'memo_300']);

describe('loads', () => {
  it.each([...plain, ...rich, ...foreign])('reads dill $name', record => {
    expect(read(record.dill)).toEqual(record.model);
  });

  it.each([...plain, ...rich, ...foreign].filter(r => r.protocols.length))(
    'reads every protocol of $name',
    record => {
      for (const base64 of record.protocols) {
        expect(read(base64)).toEqual(record.model);
      }
    }
  );

  it('gives plain numbers for floats unless asked to keep them', () => {
    expect(loads(dumps(valueOf(['float', '3ff0000000000000'])))).toBe(1);
  });

  it('keeps the identity of a value that occurs twice', () => {
    const record = plain.find(r => r.name === 'shared');
    const value = loads(Buffer.from(record!.dill, 'base64')) as unknown[];
    expect(value[0]).toBe(value[1]);
  });
});

describe('dumps', () => {
  it.each(plain.filter(r => !SHARED.has(r.name)))(
    "writes dill's bytes of $name",
    record => {
      const written = Buffer.from(dumps(valueOf(record.model)));
      expect(written.toString('base64')).toBe(record.dill);
    }
  );

  it.each(large)("writes dill's frames of $name", record => {
    const written = dumps(valueOf(record.model));
    const sha256 = createHash('sha256').update(written).digest('hex');
    expect(sha256).toBe(record.sha256);
  });

  it("writes dill's bytes of values that occur twice", () => {
    const pair = [1, 2];
    const items = Array.from({ length: 300 }, (_, i) => [i]);
    const golden = new Map(plain.map(r => [r.name, r.dill]));
    const write = (value: unknown) =>
      Buffer.from(dumps(value)).toString('base64');
    expect(write([pair, pair])).toBe(golden.get('shared'));
    expect(write([...items, ...items])).toBe(golden.get('memo_300'));
  });

  it.each(rich)('writes $name so that it reads the same', record => {
    const value = loads(Buffer.from(record.dill, 'base64'), {
      keepFloats: true
    });
    const again = loads(dumps(value), { keepFloats: true });
    expect(modelOf(again)).toEqual(record.model);
  });
});
