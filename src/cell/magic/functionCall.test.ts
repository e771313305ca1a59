import { describe, expect, it } from 'vitest';

import { functionCallCell } from './functionCall';

const ID = '10c9678c-7c33-4b1e-8f38-1f0f1c2d3e4f';

function callOf(name: string, source: string | null): string {
  return functionCallCell(ID, name, source).split('\n')[1];
}

describe('functionCallCell', () => {
  it('names the function and calls it', () => {
    expect(functionCallCell(ID, 'area', 'def area(r):\n    return r')).toBe(
      `%%compute --function area=${ID}\narea(r)`
    );
  });

  it.each([
    ['area', null, 'area()'],
    ['area', 'def other(x): pass', 'area()'],
    ['f', 'def f(a, b=2, *c, d, **e): pass', 'f(a, d)'],
    ['f', 'async def f(a: dict[str, int], b): pass', 'f(a, b)'],
    ['f', 'def f(a=(1, 2), b=[3]): pass', 'f()'],
    ['f', 'def f(a): pass\ndef f(b, c): pass', 'f(b, c)'],
    ['f', 'run("import math\\ndef f(a):\\n    return a")', 'f(a)'],
    ['f', 'def f(a', 'f()'],
    ['not a name', 'def f(a): pass', 'remote_function()']
  ])('fills in what has to be given to %s of %j', (name, source, call) => {
    expect(callOf(name, source)).toBe(call);
  });

  it('puts no text from outside into the line but a name', () => {
    const text = functionCallCell(ID, 'x\n%%bash\nrm', null);
    expect(text).toBe(
      `%%compute --function remote_function=${ID}\nremote_function()`
    );
  });
});
