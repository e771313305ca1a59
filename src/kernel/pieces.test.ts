// @vitest-environment node
import { expect, it } from 'vitest';

import { listPieces } from './pieces';

const LIMIT = 64;

it.each([
  ['nothing', []],
  ['one item', [{ a: 1 }]],
  ['many items', Array.from({ length: 100 }, (_, index) => ({ index }))],
  ['items longer than a piece', ['x'.repeat(500), '€'.repeat(500)]],
  ['pairs of surrogates', Array.from({ length: 50 }, () => 'a𝒳é')]
])('makes pieces of %s', (_, list) => {
  const pieces = [...listPieces(list, LIMIT)];
  expect(pieces.every(piece => piece.length <= LIMIT)).toBe(true);
  expect(pieces.every(piece => piece.length % 4 === 0)).toBe(true);
  const bytes = pieces.map(piece => Buffer.from(piece, 'base64'));
  expect(JSON.parse(Buffer.concat(bytes).toString('utf8'))).toEqual(list);
});

it('makes a piece when it is asked for', () => {
  let asked = 0;
  const item = {
    toJSON: () => {
      asked += 1;
      return 'x'.repeat(LIMIT);
    }
  };
  const pieces = listPieces([item, item, item], LIMIT);
  pieces.next();
  expect(asked).toBe(1);
});
