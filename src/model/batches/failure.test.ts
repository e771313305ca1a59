// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { TaskExecutionFailed } from '../../sdk';
import { readFailure } from './failure';

const read = (text: string): ReturnType<typeof readFailure> =>
  readFailure(new TaskExecutionFailed('task', text));

const TRACEBACK = [
  'Traceback (most recent call last):',
  '  File "cell", line 4, in divide',
  '    return a / b',
  'ZeroDivisionError: division by zero'
].join('\n');

describe('readFailure', () => {
  it('reads the line of JSON that a cell appends', () => {
    const details = {
      type: 'ZeroDivisionError',
      message: 'division by zero',
      frames: [
        ['cell', 4, 'divide', '    return a / b'],
        ['/usr/lib/python3/lib.py', 9, 'deep', 'x']
      ],
      out: 'dividing 1 0\n',
      err: 'a warning\n'
    };
    const report = read(`${TRACEBACK}\n#gc ${JSON.stringify(details)}\n`);
    expect(report).toEqual({
      failure: {
        type: 'ZeroDivisionError',
        message: 'division by zero',
        frame: { line: 4, name: 'divide', source: 'return a / b' },
        traceback: TRACEBACK
      },
      stdout: 'dividing 1 0\n',
      stderr: 'a warning\n'
    });
  });

  it('takes any other text as a traceback', () => {
    expect(read(TRACEBACK).failure).toEqual({
      type: 'ZeroDivisionError',
      message: 'division by zero',
      traceback: TRACEBACK
    });
  });

  it('leaves out a traceback that says no more than the message', () => {
    expect(read('the worker process died\n').failure).toMatchObject({
      message: 'the worker process died',
      traceback: ''
    });
  });

  it.each([
    '#gc not json',
    `${TRACEBACK}\n#gc {"type": 3, "frames": {"a": 1}, "out": []}`,
    `${TRACEBACK}\n#gc null`,
    `${TRACEBACK}\n#gc {"frames": [null, 1, ["cell"], ["cell", "x"]]}`
  ])('makes something readable of %j', text => {
    const { failure, stdout } = read(text);
    expect(failure.type).not.toBe('');
    expect(failure.frame).toBeUndefined();
    expect(stdout).toBe('');
  });
});
