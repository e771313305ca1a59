// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { parseTraceback } from './traceback.js';

const FRAMES =
  'Traceback (most recent call last):\n' +
  '  File "<string>", line 2, in boom\n    raise ValueError("bad")\n';

describe('parseTraceback', () => {
  it.each([
    [`${FRAMES}ValueError: bad 7\n`, 'ValueError', 'bad 7'],
    [`${FRAMES}KeyboardInterrupt\n`, 'KeyboardInterrupt', ''],
    [`${FRAMES}pkg.mod.Error: a: b`, 'pkg.mod.Error', 'a: b'],
    [
      `${FRAMES}ValueError: one\n  two\nthree\n\n`,
      'ValueError',
      'one\n  two\nthree'
    ],
    [
      `${FRAMES}KeyError: 'a'\n\nDuring handling of the above exception, another` +
        ` exception occurred:\n\n${FRAMES}TypeError: x\n`,
      'TypeError',
      'x'
    ],
    [
      `${'+'.repeat(68)}\n${FRAMES}parsl.errors.WorkerLost: gone\n${'-'.repeat(68)}`,
      'parsl.errors.WorkerLost',
      'gone'
    ],
    [
      '  + Exception Group Traceback (most recent call last):\n' +
        '  |   File "<string>", line 1, in f\n' +
        '  | ExceptionGroup: Strategy failures: (1 sub-exception)\n' +
        '  +-+---------------- 1 ----------------\n' +
        '    | ValueError: inner\n' +
        '    +------------------------------------\n',
      'ExceptionGroup',
      'Strategy failures: (1 sub-exception)'
    ],
    [
      'Traceback (most recent call last):\n  File "<string>", line 1\n' +
        '    def\n       ^\nSyntaxError: invalid syntax\n',
      'SyntaxError',
      'invalid syntax'
    ],
    ['MaxResultSizeExceeded: too big', 'MaxResultSizeExceeded', 'too big'],
    ['Task cancelled', undefined, 'Task cancelled'],
    ['Cancelled', undefined, 'Cancelled'],
    ['', undefined, '']
  ])('reads %j', (text, errorType, errorMessage) => {
    const { errorType: type, errorMessage: message } = parseTraceback(text);
    expect([type, message]).toEqual([errorType, errorMessage]);
  });
});
