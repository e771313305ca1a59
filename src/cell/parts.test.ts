// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { definitionLines } from './parts';

describe('definitionLines', () => {
  it.each([
    ['%%compute\nx = 1', null],
    ['%%compute', null],
    ['%%compute\ndef f():\n  return 1\nf()', { first: 2, last: 3 }],
    [
      '%%compute\n\nimport os\ndef f():\n  pass\n\n\nf()',
      { first: 3, last: 5 }
    ],
    ['%%compute\n@cache\nasync def f():\n  pass', { first: 2, last: 4 }],
    ['%%compute\ndef f(\n  a\n):\n  return a\nf(1)', { first: 2, last: 5 }],
    [
      '%%compute\ndef f(): return 1\nx = f()\ndef g():\n  pass\ng()',
      {
        first: 2,
        last: 5
      }
    ],
    ['%%compute\nclass C:\n  def m(self): pass\nC()', null]
  ])('%j', (source, expected) => {
    expect(definitionLines(source)).toEqual(expected);
  });
});
