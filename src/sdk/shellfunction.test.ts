// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { MPIFunction } from './mpifunction.js';
import { PyGlobal, PyObject } from './pickle/values.js';
import { ShellFunction } from './shellfunction.js';
import { ShellResult } from './shellresult.js';

describe('ShellFunction', () => {
  it('leaves defaults to the worker', () => {
    const { name, source } = new ShellFunction(
      'echo "{x}"\n# 🚀'
    ).toRegistration();
    expect(name).toBe('ShellFunction');
    expect(source).toBe(
      'def ShellFunction(**kwargs):\n' +
        '    import globus_compute_sdk\n\n' +
        '    command = globus_compute_sdk.ShellFunction(\n' +
        '        "echo \\"{x}\\"\\n# 🚀",\n' +
        '        name="ShellFunction",\n' +
        '    )\n' +
        '    return command(**kwargs)\n'
    );
  });

  it('passes on what is given', () => {
    const { name, source } = new MPIFunction('run', {
      stdout: 'out',
      stderr: 'err',
      walltime: 1.5,
      snippetLines: 3,
      name: 'my_run',
      returnDict: true
    }).toRegistration();
    expect(name).toBe('my_run');
    expect(source).toContain('globus_compute_sdk.MPIFunction(');
    expect(source).toContain(
      'stdout="out",\n        stderr="err",\n        walltime=1.5,\n' +
        '        snippet_lines=3,\n        return_dict=True,\n'
    );
  });

  it.each([
    [{ walltime: -1 }, /negative/],
    [{ walltime: NaN }, /negative/],
    [{ name: 'a b' }, /Python name/],
    [{ name: 'class' }, /Python name/]
  ])('refuses %j', (options, message) => {
    expect(() => new ShellFunction('true', options)).toThrow(message);
  });
});

describe('ShellResult', () => {
  const fields = { cmd: 'ls', stdout: 'a\n', stderr: '', returncode: 0 };

  it('is read from a pickled one, or its dict', () => {
    const path = 'globus_compute_sdk.sdk.shell_function';
    const object = new PyObject(new PyGlobal(path, 'ShellResult'), []);
    object.setState(
      new Map(Object.entries({ ...fields, exception_name: null }))
    );
    expect(ShellResult.revive(object)).toEqual(new ShellResult(fields));
    expect(ShellResult.from(fields)).toEqual(new ShellResult(fields));
    const failed = { ...fields, exception_name: 'subprocess.TimeoutExpired' };
    expect(ShellResult.from(new Map(Object.entries(failed)))).toMatchObject({
      exceptionName: 'subprocess.TimeoutExpired'
    });
    const other = new PyObject(new PyGlobal('mine', 'ShellResult'), []);
    expect(ShellResult.revive(other)).toBe(other);
    expect(ShellResult.from({ cmd: 1 })).toBeUndefined();
    expect(ShellResult.revive(fields)).toBe(fields);
  });

  it('shows the ends of its streams', () => {
    expect(String(new ShellResult(fields))).toBe('exit code: 0\n   stdout:\na');
    const long = new ShellResult({
      ...fields,
      stdout: Array.from({ length: 20 }, (_, i) => `line ${i}`).join('\n'),
      stderr: 'bad\n',
      returncode: 2,
      exceptionName: 'subprocess.CalledProcessError'
    });
    const text = String(long);
    expect(text).toContain('see .stdout for full output');
    expect(text).not.toContain('line 9\n');
    expect(text).toMatch(/stderr:\nbad\n\nexception: subprocess\.C/);
  });
});
