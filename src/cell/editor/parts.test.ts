// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { functionNames, remoteRange } from './parts';

describe('remoteRange', () => {
  it.each([
    ['nothing below', '%%compute', null],
    ['a function', 'def f():\n  return 1\nf()', [2, 3]],
    ['space around', '\nimport os\ndef f():\n  pass\n\n\nf()', [3, 5]],
    ['a decorator', '@cache\nasync def f():\n  pass', [2, 4]],
    ['a long head', 'def f(\n  a\n):\n  return a\nf(1)', [2, 5]],
    ['two', 'def f(): return 1\nx = f()\ndef g():\n  pass\ng()', [2, 5]],
    ['a comment below', 'def f(): return 1\n# here\nf()', [2, 2]],
    [
      'one in a try',
      'try:\n  from m import f\nexcept ImportError:\n  def f(): pass\nf()',
      [2, 5]
    ],
    [
      'one in an if',
      'if x:\n  if y:\n    def f(): pass\nelse: pass\nf()',
      [2, 5]
    ],
    [
      'one in a main guard',
      'def f(): pass\nif __name__ == "__main__":\n  def g(): pass\n  f()',
      [2, 2]
    ],
    ['a whole cell', 'x = 1\n\ny = 2\n', [2, 4]],
    ['a class alone', 'class C:\n  def m(self): pass\nC()', [2, 4]],
    ['one in a loop', 'for x in y:\n  def f(): pass\nz', [2, 4]]
  ])('finds the lines of %s', (_, text, expected) => {
    const source = text.startsWith('%%') ? text : `%%compute\n${text}`;
    expect(remoteRange(source)).toEqual(
      expected && { first: expected[0], last: expected[1] }
    );
  });

  it.each([
    ['--local runs nothing there', '%%compute --local\ndef f(): pass', null],
    [
      '--body sends all',
      '%%compute --body\ndef f(): pass\nf()',
      { first: 2, last: 3 }
    ],
    [
      'a function of --function is called from here',
      '%%compute -f g=0b8f5c4e-1d2a-4e3f-9a6b-7c8d9e0f1a2b\ng(1)',
      null
    ],
    [
      'a mistake in the line hides nothing',
      '%%compute --oops\nx = 1',
      { first: 2, last: 2 }
    ]
  ])('heeds the options: %s', (_, source, expected) => {
    expect(remoteRange(source)).toEqual(expected);
  });

  it('knows a cell that only calls functions of others', () => {
    const source = '%%compute\nmore = [area(r) for r in (1, 2)]';
    expect(remoteRange(source, () => ['area'])).toBeNull();
    expect(remoteRange(source, () => ['volume'])).toEqual({
      first: 2,
      last: 2
    });
  });
});

describe('functionNames', () => {
  it.each([
    ['%%compute\ndef f(): pass\nasync def g(): pass', ['f', 'g']],
    ['%%compute --body\ndef f(): pass', []],
    ['%%compute -f h=0b8f5c4e-1d2a-4e3f-9a6b-7c8d9e0f1a2b', ['h']]
  ])('%j', (source, expected) => {
    expect(functionNames(source)).toEqual(expected);
  });
});
