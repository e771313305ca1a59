import type { IOptionDeclaration } from './options';
import { OPTIONS, usage } from './options';
import type { IWord } from './tokenizer';
import { quoteWord, splitWords, UnclosedQuoteError } from './tokenizer';

const MAGIC = /^\s*%%compute(?=\s|$)/;

/* IPython skips empty lines above a cell magic. */
const LEADING_EMPTY_LINES = /^(?:[^\S\n]*\n)*/;

/** What a `%%compute` line asks for. */
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
  /** Send the whole cell as one task. */
  readonly body: boolean;
  /** Bring back what the function prints and draws. */
  readonly capture: boolean;
  /** Only say what the options do. */
  readonly help: boolean;
}

/** A `%%compute` line that cannot be understood; the message says why. */
export class MagicError extends Error {
  constructor(
    message: string,
    /** The word at fault, as offsets within the magic line. */
    readonly start: number,
    readonly end: number
  ) {
    super(message);
    this.name = 'MagicError';
  }
}

/** Whether a cell is a `%%compute` cell. */
export function isComputeCell(source: string): boolean {
  return MAGIC.test(source.slice(magicStart(source)));
}

/**
 * Read the magic line of a `%%compute` cell.
 *
 * @throws MagicError
 */
export function parseMagic(source: string): IMagic {
  const values = readOptions(magicLine(source));
  const last = (name: string): string | null =>
    values.get(name)?.at(-1)?.value ?? null;
  return {
    endpoint: last('endpoint'),
    name: last('name'),
    inputs: names('input', values),
    outputs: names('output', values),
    wait: !values.has('no-wait'),
    timeoutMs: timeoutMs(values.get('timeout')?.at(-1)),
    body: values.has('body'),
    capture: !values.has('no-capture'),
    help: values.has('help')
  };
}

/**
 * The cell's text with another endpoint in its magic line.
 *
 * Everything else of the line stays as the user wrote it. A line that cannot
 * be understood is left alone.
 */
export function withEndpoint(source: string, name: string | null): string {
  const start = magicStart(source);
  const line = magicLine(source);
  let given: IGivenOption | undefined;
  try {
    given = readOptions(line).get('endpoint')?.at(-1);
  } catch {
    return source;
  }
  const text = name === null ? '' : ` -e ${quoteWord(name)}`;
  const edited = given
    ? line.slice(0, given.start).trimEnd() + text + line.slice(given.end)
    : insertFirst(line, text);
  return source.slice(0, start) + edited + source.slice(start + line.length);
}

/** An option as the line gives it. */
interface IGivenOption {
  readonly value: string | null;
  readonly start: number;
  readonly end: number;
}

/** Offset of the magic line within a `%%compute` cell's text. */
export function magicStart(source: string): number {
  return LEADING_EMPTY_LINES.exec(source)?.[0].length ?? 0;
}

/** The magic line of a `%%compute` cell. */
export function magicLine(source: string): string {
  return source.slice(magicStart(source)).split('\n', 1)[0];
}

function insertFirst(line: string, text: string): string {
  const end = MAGIC.exec(line)?.[0].length ?? line.length;
  return line.slice(0, end) + text + line.slice(end);
}

function readOptions(line: string): Map<string, IGivenOption[]> {
  const given = new Map<string, IGivenOption[]>();
  const words = toWords(line);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    const { option, inline } = findOption(word);
    let value = inline;
    let end = word.end;
    if (option.value && value === null) {
      const next = words.at(at + 1);
      if (!next || isOption(next.text)) {
        throw new MagicError(
          `${word.text} needs a value: write ${usage(option)}.`,
          word.start,
          word.end
        );
      }
      at += 1;
      value = next.text;
      end = next.end;
    } else if (!option.value && value !== null) {
      throw new MagicError(
        `--${option.name} takes no value.`,
        word.start,
        word.end
      );
    }
    const earlier = given.get(option.name) ?? [];
    given.set(option.name, [...earlier, { value, start: word.start, end }]);
  }
  return given;
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

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000
};

/* The longest time a browser's timer can count to. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

function timeoutMs(given: IGivenOption | undefined): number | null {
  if (!given) {
    return null;
  }
  const [, count, unit] =
    /^(\d+(?:\.\d+)?)([smh]?)$/.exec(given.value ?? '') ?? [];
  const timeout = Number(count) * UNIT_MS[unit || 's'];
  if (!(timeout > 0)) {
    throw new MagicError(
      `--timeout takes a time such as 90, 1.5m or 2h, and "${given.value ?? ''}" is none.`,
      given.start,
      given.end
    );
  }
  return Math.min(timeout, MAX_TIMEOUT_MS);
}

function isOption(text: string): boolean {
  return /^--?[A-Za-z]/.test(text);
}

function findOption(word: IWord): {
  option: IOptionDeclaration;
  inline: string | null;
} {
  const long = /^--([A-Za-z][\w-]*)(?:=([\s\S]*))?$/.exec(word.text);
  const short = /^-([A-Za-z])(?:=?([\s\S]+))?$/.exec(word.text);
  const option = long
    ? OPTIONS.find(({ name }) => name === long[1])
    : short
      ? OPTIONS.find(option => option.short === short[1])
      : undefined;
  if (option) {
    return { option, inline: (long ?? short)?.[2] ?? null };
  }
  throw new MagicError(
    isOption(word.text)
      ? `%%compute has no option ${word.text.split('=')[0]}. It takes ${listOptions()}.`
      : `%%compute does not know what to do with "${word.text}". It takes ${listOptions()}.`,
    word.start,
    word.end
  );
}

function listOptions(): string {
  return OPTIONS.map(usage).join(', ');
}

function names(
  option: string,
  values: ReadonlyMap<string, readonly IGivenOption[]>
): string[] {
  const given = values.get(option) ?? [];
  const list = given.flatMap(({ value }) =>
    (value ?? '')
      .split(',')
      .map(name => name.trim())
      .filter(name => name !== '')
  );
  const wrong = list.find(name => !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name));
  if (wrong !== undefined) {
    throw new MagicError(
      `--${option} takes names of variables, and "${wrong}" is none.`,
      given[0].start,
      given[given.length - 1].end
    );
  }
  return [...new Set(list)];
}
