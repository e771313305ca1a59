/**
 * What a shell command left behind.
 */

import { PyObject } from './pickle/values.js';

/** Lines and characters of a stream shown by `toString`. */
const SHOWN_LINES = 10;
const SHOWN_CHARACTERS = 1024;

/** The class of the Python SDK, whatever module it lives in. */
const CLASS_NAME = /^globus_compute_sdk(\.\w+)*\.ShellResult$/;

/**
 * What a ShellResult holds.
 */
export interface IShellResult {
  /** The command that ran. */
  cmd: string;

  /** Last lines of what it wrote to its standard output. */
  stdout: string;

  /** Last lines of what it wrote to its standard error. */
  stderr: string;

  /** Its exit code; 124 when it took longer than the walltime. */
  returncode: number;

  /** Name of a Python exception when it did not succeed, else null. */
  exceptionName?: string | null;
}

/**
 * The result of a ShellFunction: the counterpart of the Python SDK's class of
 * that name.
 *
 * @see globus_compute_sdk/sdk/shell_function.py
 */
export class ShellResult implements IShellResult {
  /**
   * @param result - What the command left behind.
   */
  constructor(result: IShellResult) {
    this.cmd = result.cmd;
    this.stdout = result.stdout;
    this.stderr = result.stderr;
    this.returncode = result.returncode;
    this.exceptionName = result.exceptionName ?? null;
  }

  /** The command that ran. */
  readonly cmd: string;

  /** Last lines of what it wrote to its standard output. */
  readonly stdout: string;

  /** Last lines of what it wrote to its standard error. */
  readonly stderr: string;

  /** Its exit code; 124 when it took longer than the walltime. */
  readonly returncode: number;

  /** Name of a Python exception when it did not succeed, else null. */
  readonly exceptionName: string | null;

  /**
   * Read what a ShellFunction returned: a pickled ShellResult, or the dict of
   * one with `returnDict`.
   *
   * @returns `undefined` when the value is something else.
   */
  static from(value: unknown): ShellResult | undefined {
    if (value instanceof ShellResult) {
      return value;
    }
    if (value instanceof PyObject) {
      return CLASS_NAME.test(value.className)
        ? fromEntries(entriesOf(value.state))
        : undefined;
    }
    return fromEntries(entriesOf(value));
  }

  /**
   * The value, or the ShellResult that a decoder left as an inert object.
   */
  static revive(value: unknown): unknown {
    return value instanceof PyObject
      ? (ShellResult.from(value) ?? value)
      : value;
  }

  /**
   * Exit code and the ends of the streams, for people.
   */
  toString(): string {
    const lines = [`exit code: ${this.returncode}`, '   stdout:'];
    lines.push(ending(this.stdout, '.stdout'));
    if (this.returncode !== 0) {
      lines.push('', '   stderr:', ending(this.stderr, '.stderr'));
      if (this.exceptionName !== null) {
        lines.push('', `exception: ${this.exceptionName}`);
      }
    }
    return lines.join('\n');
  }
}

/** Keys and values of a dict as a decoder gives it. */
function entriesOf(value: unknown): Map<unknown, unknown> {
  if (value instanceof Map) {
    return value;
  }
  const isObject = typeof value === 'object' && value !== null;
  return new Map<unknown, unknown>(isObject ? Object.entries(value) : []);
}

function fromEntries(entries: Map<unknown, unknown>): ShellResult | undefined {
  const [cmd, stdout, stderr] = ['cmd', 'stdout', 'stderr'].map(key =>
    entries.get(key)
  );
  const returncode = entries.get('returncode');
  const name = entries.get('exception_name');
  return typeof cmd === 'string' &&
    typeof stdout === 'string' &&
    typeof stderr === 'string' &&
    typeof returncode === 'number'
    ? new ShellResult({
        cmd,
        stdout,
        stderr,
        returncode,
        exceptionName: typeof name === 'string' ? name : null
      })
    : undefined;
}

/** The end of a stream, and a note where there is more of it. */
function ending(text: string, name: string): string {
  const whole = text.replace(/^\n+/, '').trimEnd();
  const shown = whole
    .slice(-SHOWN_CHARACTERS)
    .split('\n')
    .slice(-SHOWN_LINES)
    .join('\n');
  return shown === whole
    ? whole
    : `[... truncated; see ${name} for full output ...]\n${shown}`;
}
