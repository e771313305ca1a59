import type { GivenOptions, IGivenOption } from './givenOptions';
import { readOptions, withDefaults } from './givenOptions';
import { MagicError } from './magicError';
import {
  toCount,
  toJsonText,
  toKnownValue,
  toMilliseconds,
  toNamedExpression,
  toNamedUuid,
  toNames,
  toUuid
} from './magicValues';
import type { IWord } from './tokenizer';
import { quoteWord, splitWords, UnclosedQuoteError } from './tokenizer';

export { MagicError } from './magicError';

const MAGIC = /^\s*%%compute(?=\s|$)/;

/* IPython skips empty lines above a cell magic. */
const LEADING_EMPTY_LINES = /^(?:[^\S\n]*\n)*/;

/** What a `%%compute` line asks for; the names are those of the options. */
export interface IMagic {
  /** Name or id of the endpoint; `null` for the default one. */
  readonly endpoint: string | null;
  /** Name of the batch; `null` for the function's. */
  readonly name: string | null;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Whether the cells below wait for the results. */
  readonly wait: boolean;
  /** How long to wait for results, in milliseconds; `null` for ever. */
  readonly timeoutMs: number | null;
  /** Python expressions of one call's arguments. */
  readonly args: string | null;
  readonly kwargs: string | null;
  /** Parameters to vary, each with a Python expression of its values. */
  readonly over: readonly (readonly [param: string, expression: string])[];
  /** Functions registered elsewhere: what to call them, and their ids. */
  readonly functions: readonly (readonly [name: string, id: string])[];
  readonly registerOnly: boolean;
  readonly public: boolean;
  /** UUID or name of a Globus group. */
  readonly group: string | null;
  readonly description: string | null;
  /** UUID of a container. */
  readonly container: string | null;
  /** JSON, or `$name` of a variable. */
  readonly config: string | null;
  readonly resources: string | null;
  readonly serializer: string | null;
  readonly resultSerializer: string | null;
  /** Bring back what the function prints and draws. */
  readonly capture: boolean;
  /** Send the whole cell as one task. */
  readonly body: boolean;
  /** How often a failed task is submitted again. */
  readonly retries: number;
  readonly dryRun: boolean;
  readonly quiet: boolean;
  readonly local: boolean;
  /** Only say what the options do. */
  readonly help: boolean;
}

/** Whether a cell is a `%%compute` cell. */
export function isComputeCell(source: string): boolean {
  return MAGIC.test(source.slice(magicStart(source)));
}

/**
 * Read the magic line of a `%%compute` cell.
 *
 * @param defaults - Options that hold unless the cell says otherwise, as
 * `%compute_config` was given them.
 * @throws MagicError
 */
export function parseMagic(source: string, defaults = ''): IMagic {
  const own = readOptions(toWords(magicLine(source)));
  const values = withDefaults(own, readDefaults(defaults));
  return {
    endpoint: last('endpoint', values, textOf),
    name: last('name', values, textOf),
    inputs: toNames('input', values.get('input') ?? []),
    outputs: toNames('output', values.get('output') ?? []),
    wait: !values.has('no-wait'),
    timeoutMs: last('timeout', values, toMilliseconds),
    args: last('args', values, textOf),
    kwargs: last('kwargs', values, textOf),
    over: all('over', values, toNamedExpression),
    functions: all('function', values, toNamedUuid),
    registerOnly: values.has('register-only'),
    public: values.has('public'),
    group: last('group', values, textOf),
    description: last('description', values, textOf),
    container: last('container', values, toUuid),
    config: last('config', values, toJsonText),
    resources: last('resources', values, toJsonText),
    serializer: last('serializer', values, toKnownValue),
    resultSerializer: last('result-serializer', values, toKnownValue),
    capture: !values.has('no-capture'),
    body: values.has('body'),
    retries: last('retries', values, toCount) ?? 0,
    dryRun: values.has('dry-run'),
    quiet: values.has('quiet'),
    local: values.has('local'),
    help: own.has('help')
  };
}

/**
 * The cell's text with another endpoint in its magic line.
 *
 * Everything else of the line stays as the user wrote it. A line that cannot
 * be understood is left alone.
 */
export function withEndpoint(source: string, name: string | null): string {
  const text = name === null ? '' : ` -e ${quoteWord(name)}`;
  return withOption(source, 'endpoint', text);
}

/**
 * The cell's text with another configuration of its endpoint, as JSON, in its
 * magic line; the rest as {@link withEndpoint} leaves it.
 */
export function withConfig(source: string, json: string): string {
  return withOption(source, 'config', ` -c ${quoteWord(json)}`);
}

function withOption(source: string, option: string, text: string): string {
  const start = magicStart(source);
  const line = magicLine(source);
  let given: IGivenOption | undefined;
  try {
    given = readOptions(toWords(line)).get(option)?.at(-1);
  } catch {
    return source;
  }
  const edited = given
    ? line.slice(0, given.start).trimEnd() + text + line.slice(given.end)
    : insertFirst(line, text);
  return source.slice(0, start) + edited + source.slice(start + line.length);
}

/** Offset of the magic line within a `%%compute` cell's text. */
export function magicStart(source: string): number {
  return LEADING_EMPTY_LINES.exec(source)?.[0].length ?? 0;
}

/** The magic line of a `%%compute` cell. */
export function magicLine(source: string): string {
  return source.slice(magicStart(source)).split('\n', 1)[0];
}

/**
 * The words of a magic line behind `%%compute`.
 *
 * @throws MagicError when a quote is not closed.
 */
export function toWords(line: string): IWord[] {
  try {
    return splitWords(line, MAGIC.exec(line)?.[0].length ?? 0);
  } catch (reason) {
    if (reason instanceof UnclosedQuoteError) {
      throw new MagicError(
        `The %%compute line is incomplete. ${reason.message}`,
        reason.start,
        line.length
      );
    }
    throw reason;
  }
}

function insertFirst(line: string, text: string): string {
  const end = MAGIC.exec(line)?.[0].length ?? line.length;
  return line.slice(0, end) + text + line.slice(end);
}

function readDefaults(line: string): GivenOptions {
  try {
    return readOptions(toWords(`%%compute ${line}`));
  } catch (reason) {
    // Its offsets mean nothing within the cell.
    throw reason instanceof MagicError
      ? new MagicError(`%compute_config: ${reason.message}`, 0, 0)
      : reason;
  }
}

function last<T>(
  name: string,
  values: GivenOptions,
  read: (name: string, given: IGivenOption) => T
): T | null {
  const given = values.get(name)?.at(-1);
  return given ? read(name, given) : null;
}

function all<T>(
  name: string,
  values: GivenOptions,
  read: (name: string, given: IGivenOption) => T
): T[] {
  return (values.get(name) ?? []).map(given => read(name, given));
}

function textOf(_: string, { value }: IGivenOption): string {
  return value ?? '';
}
