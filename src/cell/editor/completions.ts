import {
  isComputeCell,
  MagicError,
  magicLine,
  magicStart,
  toWords
} from '../magic/magic';
import type { IOptionDeclaration } from '../magic/options';
import { OPTIONS, usage } from '../magic/options';
import type { IWord } from '../magic/tokenizer';
import { quoteWord } from '../magic/tokenizer';

/** Something that could be written on a magic line. */
interface ICompletion {
  /** What is inserted. */
  readonly text: string;
  /** What is shown in the list. */
  readonly label: string;
  /** `option`, or what the value is of. */
  readonly kind: string;
  /** What it does, for a person. */
  readonly help: string;
}

/** What could be written in place of some characters of a cell. */
export interface ICompletions {
  /** Offsets within the cell's text. */
  readonly start: number;
  readonly end: number;
  readonly items: readonly ICompletion[];
}

/** A value that an option could be given. */
export interface IKnownValue {
  readonly text: string;
  readonly help: string;
}

/* An option whose value follows without a space. */
const ATTACHED = /^--[\w-]+=/;

/**
 * What could be written at a place of a `%%compute` cell's magic line.
 *
 * @param source - Text of the cell.
 * @param offset - Place of the cursor within it.
 * @param values - What is known of the values of an option, by its name.
 * @returns `null` when the cursor is not on a magic line, or there is nothing
 * to say.
 */
export function completeMagic(
  source: string,
  offset: number,
  values: Readonly<Partial<Record<string, readonly IKnownValue[]>>>
): ICompletions | null {
  const base = magicStart(source);
  const at = offset - base;
  if (!isComputeCell(source) || at < 0 || at > magicLine(source).length) {
    return null;
  }
  const line = magicLine(source).slice(0, at);
  const words = wordsOf(line);
  if (!words || !/^\s*%%compute\s/.test(line)) {
    return null;
  }
  const typed = words.find(word => word.end === line.length);
  const before = words.filter(word => word !== typed).at(-1);
  const joined = typed && ATTACHED.exec(typed.text)?.[0];
  const option = joined
    ? optionOf(joined.slice(0, -1))
    : before && optionOf(before.text);
  const start = base + (typed?.start ?? line.length) + (joined?.length ?? 0);
  const items = option?.value
    ? valueItems(
        option,
        option.values ?? values[option.name] ?? [],
        typed?.text.slice(joined?.length ?? 0) ?? ''
      )
    : optionItems(typed?.text ?? '', words);
  return items.length === 0 ? null : { start, end: offset, items };
}

function wordsOf(line: string): IWord[] | null {
  try {
    return toWords(line);
  } catch (reason) {
    if (reason instanceof MagicError) {
      return null;
    }
    throw reason;
  }
}

function optionOf(text: string): IOptionDeclaration | undefined {
  return OPTIONS.find(
    ({ name, short }) =>
      text === `--${name}` || (short !== undefined && text === `-${short}`)
  );
}

function optionItems(typed: string, words: readonly IWord[]): ICompletion[] {
  const given = new Set(words.map(({ text }) => optionOf(text)));
  return OPTIONS.filter(
    option =>
      `--${option.name}`.startsWith(typed) &&
      (option.list === true ||
        option.repeat === true ||
        !given.has(option) ||
        optionOf(typed) === option)
  ).map(option => ({
    text: `--${option.name}${option.value ? ' ' : ''}`,
    label: usage(option),
    kind: 'option',
    help: option.help
  }));
}

function valueItems(
  option: IOptionDeclaration,
  values: readonly IKnownValue[],
  typed: string
): ICompletion[] {
  return values
    .filter(({ text }) => text.toLowerCase().startsWith(typed.toLowerCase()))
    .map(({ text, help }) => ({
      text: quoteWord(text),
      label: text,
      kind: option.name,
      help
    }));
}
