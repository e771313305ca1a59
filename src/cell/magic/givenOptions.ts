import { MagicError } from './magicError';
import type { IOptionDeclaration } from './options';
import { OPTIONS, usage } from './options';
import type { IWord } from './tokenizer';

/** An option as a line gives it. */
export interface IGivenOption {
  /** What follows its name; `null` for a flag. */
  readonly value: string | null;
  /** Offsets of both within the line. */
  readonly start: number;
  readonly end: number;
}

/** The options of a line by name, each as often as it is given. */
export type GivenOptions = ReadonlyMap<string, readonly IGivenOption[]>;

/**
 * Read the words of a line as options.
 *
 * Of a flag and its opposite the last one given is kept.
 *
 * @throws MagicError
 */
export function readOptions(words: readonly IWord[]): GivenOptions {
  const given = new Map<string, IGivenOption[]>();
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
    if (option.opposite) {
      given.delete(option.opposite);
    }
  }
  return given;
}

/** The options that apply: those given, and the defaults of all others. */
export function withDefaults(
  given: GivenOptions,
  defaults: GivenOptions
): GivenOptions {
  const all = new Map(defaults);
  for (const [name, values] of given) {
    const opposite = OPTIONS.find(option => option.name === name)?.opposite;
    if (opposite) {
      all.delete(opposite);
    }
    all.set(name, values);
  }
  return all;
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
