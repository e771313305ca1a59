/**
 * Reads the last line of a Python traceback.
 */

/**
 * The exception a traceback ends with.
 */
export interface ITracebackSummary {
  /** Class of the exception, e.g. `ValueError` or `parsl.errors.WorkerLost`. */
  errorType?: string;

  /** Its message; the text's last line when no class is named. */
  errorMessage: string;
}

/** `ValueError: text`, `pkg.mod.Error: text` or a bare `KeyboardInterrupt`. */
const EXCEPTION_LINE = /^([A-Za-z_][\w.]*)(?:: ?(.*))?$/s;

/** The rules of `+` and `-` an endpoint draws around an engine's traceback. */
const FENCE = /^[+-]{20,}$/;

/** The heading of a traceback and the first line of each frame. */
const FRAME = /^(\s+File ".*", line \d+|Traceback \(most recent call last\):)/;

/** Where the traceback of an exception group's first member begins. */
const GROUP_MEMBER = /^\s*\+-\+-+ \d+ -+$/;

/** The rail drawn to the left of an exception group's traceback. */
const GROUP_RAIL = /^ {2,}[|+] /;

/**
 * Find the class and message of the exception a traceback ends with.
 *
 * @param text - A Python traceback, bare or fenced by an endpoint, or any
 * other text, whose last line is then the message.
 */
export function parseTraceback(text: string): ITracebackSummary {
  const lines = ownLines(text);
  const lastFrame = lastIndexWhere(lines, line => FRAME.test(line));
  const tail = lines.slice(lastFrame + 1);
  const start = tail.findIndex(line => line !== '' && !line.startsWith(' '));
  const match = EXCEPTION_LINE.exec(tail.slice(Math.max(start, 0)).join('\n'));
  // Without a frame above it a single word is a sentence, not a class.
  if (!match || (lastFrame < 0 && match.at(2) === undefined)) {
    return { errorMessage: tail[tail.length - 1]?.trim() ?? '' };
  }
  return { errorType: match[1], errorMessage: (match.at(2) ?? '').trim() };
}

/**
 * The lines of the outermost exception, without fences, rails or blank ends.
 */
function ownLines(text: string): string[] {
  let lines = text.split('\n').filter(line => !FENCE.test(line.trim()));
  const member = lines.findIndex(line => GROUP_MEMBER.test(line));
  if (member >= 0) {
    lines = lines.slice(0, member).map(line => line.replace(GROUP_RAIL, ''));
  }
  const last = lastIndexWhere(lines, line => line.trim() !== '');
  return lines.slice(0, last + 1);
}

function lastIndexWhere(
  lines: readonly string[],
  matches: (line: string) => boolean
): number {
  let index = lines.length - 1;
  while (index >= 0 && !matches(lines[index])) {
    index -= 1;
  }
  return index;
}
