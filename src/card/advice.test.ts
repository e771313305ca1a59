// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { englishBundle } from '../model/format';
import { adviseOn } from './advice';
import { KNOWN_FAILURES } from './knownFailures';

const context = {
  endpoint: 'my-cluster',
  pythonVersion: '3.12.1',
  trans: englishBundle()
};

describe('adviseOn', () => {
  it.each([
    ['ModuleNotFoundError', "No module named 'rdkit.Chem'", 'have "rdkit"'],
    ['ImportError', "cannot import name 'x' from 'y'", 'another version'],
    ['parsl.errors.WorkerLost', 'Task failure', 'out of memory'],
    ['TaskFailed', 'the worker process died: out of memory', 'out of memory'],
    ['MemoryError', '', '--resources'],
    ['MaxResultSizeExceeded', 'too big', '10 MiB'],
    ['DeserializationError', 'Deserialization failed', '3.12.1'],
    ['TypeError', 'code() takes at most 16 arguments', '--serializer source'],
    ['TypeError', "cannot pickle '_thread.lock' object", 'for the way back'],
    ['ResultLost', 'gone', 'again'],
    ['TaskFailed', 'Function x not permitted on endpoint y', 'its list'],
    ['TimeoutError', 'timed out', 'longer'],
    ['requests.exceptions.ConnectionError', 'refused', 'network'],
    ['FileNotFoundError', "'/home/me/data.csv'", 'looked for the file there'],
    ['PermissionError', 'denied', 'my-cluster'],
    ['NameError', "name 'helper' is not defined", '"helper"']
  ])('%s: %s', (type, message, words) => {
    expect(adviseOn({ type, message, traceback: '' }, context)).toContain(
      words
    );
  });

  it.each([
    ['ZeroDivisionError', 'division by zero'],
    ['TaskFailed', 'the task was cancelled before it began']
  ])('is silent on what speaks for itself: %s', (type, message) => {
    expect(adviseOn({ type, message, traceback: '' }, context)).toBeNull();
  });

  it.each(KNOWN_FAILURES)('tells of $seen by its own entry', known => {
    const [type, ...message] = known.seen.split(': ');
    const failure = { type, message: message.join(': '), traceback: '' };
    const advice = adviseOn(failure, { ...context, pythonVersion: undefined });
    for (const words of known.advice.split(/%\d/)) {
      expect(advice).toContain(words);
    }
  });

  it('names no module that the message does not name', () => {
    const advice = adviseOn(
      {
        type: 'ModuleNotFoundError',
        message: '<img src=x onerror=alert(1)>',
        traceback: ''
      },
      context
    );
    expect(advice).not.toContain('img');
  });

  it('says nothing of a version that is not known', () => {
    const unknown = { ...context, pythonVersion: undefined };
    expect(
      adviseOn(
        { type: 'DeserializationError', message: '', traceback: '' },
        unknown
      )
    ).toContain('the Python or a package there');
  });
});
