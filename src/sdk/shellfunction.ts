/**
 * Shell commands as functions.
 */

import { ComputeError } from './errors.js';
import type { RegisterFunctionOptions } from './options.js';

const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** What Python does not take for a name. */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'False None True and as assert async await break class continue def del ' +
    'elif else except finally for from global if import in is lambda ' +
    'nonlocal not or pass raise return try while with yield'
  ).split(' ')
);

/**
 * How a command is run.
 */
export interface IShellFunctionOptions {
  /** File on the endpoint for the standard output; a temporary one else. */
  stdout?: string;

  /** File on the endpoint for the standard error; a temporary one else. */
  stderr?: string;

  /** Time allowed, in seconds; any unless given. */
  walltime?: number;

  /** Last lines of each stream to send back; 1000 unless given. */
  snippetLines?: number;

  /** Name to register it under; that of the class unless given. */
  name?: string;

  /** Send a dict back instead of a ShellResult. */
  returnDict?: boolean;
}

/**
 * A shell command to run on an endpoint: the counterpart of the Python SDK's
 * class of that name, which does the work there. The workers need
 * `globus-compute-sdk`.
 *
 * @example
 * ```ts
 * const count = new ShellFunction('wc -l {path}', { walltime: 60 });
 * const future = executor.submit(count, [], { path: '/etc/hosts' });
 * const { stdout, returncode } = (await future) as ShellResult;
 * ```
 *
 * @see globus_compute_sdk/sdk/shell_function.py
 */
export class ShellFunction {
  /**
   * @param cmd - The command; `{name}` is replaced by the keyword argument of
   * that name when it is called, as by Python's `str.format`.
   * @param options - How it is run.
   * @throws ComputeError, code `INVALID_FUNCTION`, when the name is no Python
   * name, or the walltime is negative.
   */
  constructor(
    readonly cmd: string,
    readonly options: Readonly<IShellFunctionOptions> = {}
  ) {
    const { walltime = 0, name } = options;
    if (!(walltime >= 0)) {
      throw invalid('The walltime is negative. Give a time in seconds.');
    }
    if (name !== undefined && (!IDENTIFIER.test(name) || KEYWORDS.has(name))) {
      throw invalid(`"${name}" is not a Python name. Give another one.`);
    }
  }

  /** The name it is registered under. */
  get name(): string {
    return this.options.name ?? this.className;
  }

  /** The class of the Python SDK that runs it. */
  protected readonly className: string = 'ShellFunction';

  /**
   * What to register: source that hands the call to the Python SDK of the
   * worker. Settings at their defaults are left to it, so that older ones
   * understand the rest.
   */
  toRegistration(): RegisterFunctionOptions & { source: string } {
    const { stdout, stderr, walltime, snippetLines, returnDict } = this.options;
    const settings: [string, string | undefined][] = [
      ['stdout', stdout && literal(stdout)],
      ['stderr', stderr && literal(stderr)],
      ['walltime', walltime ? String(walltime) : undefined],
      ['snippet_lines', snippetLines?.toString()],
      ['return_dict', returnDict ? 'True' : undefined]
    ];
    const args = [
      literal(this.cmd),
      ...settings.flatMap(([key, text]) => (text ? [`${key}=${text}`] : [])),
      `name=${literal(this.name)}`
    ];
    const source = [
      `def ${this.name}(**kwargs):`,
      '    import globus_compute_sdk',
      '',
      `    command = globus_compute_sdk.${this.className}(`,
      ...args.map(arg => `        ${arg},`),
      '    )',
      '    return command(**kwargs)',
      ''
    ].join('\n');
    return { name: this.name, source };
  }
}

/** A text as a Python literal on one line. */
function literal(text: string): string {
  // JSON's escapes mean the same in Python, and it leaves pairs of surrogates
  // as they are, which Python would take for two characters if escaped.
  return JSON.stringify(text);
}

function invalid(reason: string): ComputeError {
  return new ComputeError(reason, { code: 'INVALID_FUNCTION' });
}
