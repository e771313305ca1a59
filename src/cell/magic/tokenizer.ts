/** A word of a magic line and where it stands. */
export interface IWord {
  /** Its meaning: quotes and backslashes taken away. */
  readonly text: string;
  /** Offset of its first character within the line. */
  readonly start: number;
  /** Offset behind its last character. */
  readonly end: number;
}

/** A quote that is opened and not closed. */
export class UnclosedQuoteError extends Error {
  constructor(
    quote: string,
    /** Offset of the word it is in, within the line. */
    readonly start: number
  ) {
    super(`A ${quote} is opened and not closed.`);
    this.name = 'UnclosedQuoteError';
  }
}

/**
 * Split a line into words as a POSIX shell does: spaces separate, single
 * quotes keep everything, double quotes and a backslash keep what follows.
 *
 * @throws UnclosedQuoteError
 */
export function splitWords(line: string, from = 0): IWord[] {
  const words: IWord[] = [];
  let at = from;
  while (at < line.length) {
    if (/\s/.test(line[at])) {
      at += 1;
      continue;
    }
    const word = readWord(line, at);
    words.push(word);
    at = word.end;
  }
  return words;
}

function readWord(line: string, start: number): IWord {
  let text = '';
  let quote = '';
  let at = start;
  for (; at < line.length; at += 1) {
    const char = line[at];
    if (quote) {
      if (char === quote) {
        quote = '';
      } else if (char === '\\' && quote === '"' && /["\\]/.test(line[at + 1])) {
        text += line[++at];
      } else {
        text += char;
      }
    } else if (char === '"' || char === "'") {
      quote = char;
    } else if (char === '\\' && at + 1 < line.length) {
      text += line[++at];
    } else if (/\s/.test(char)) {
      break;
    } else {
      text += char;
    }
  }
  if (quote) {
    throw new UnclosedQuoteError(quote, start);
  }
  return { text, start, end: at };
}

/** Write a word so that {@link splitWords} reads it as one. */
export function quoteWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text)
    ? text
    : `"${text.replace(/["\\]/g, '\\$&')}"`;
}
