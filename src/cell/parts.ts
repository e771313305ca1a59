/** Lines of a cell's text, 1-based, both ends included. */
export interface ILineRange {
  readonly first: number;
  readonly last: number;
}

const DEFINITION = /^(?:async\s+)?def\s/;

/* What goes on with the statement above it though it is not indented. */
const CONTINUATION = /^[)\]}]/;

/**
 * Which lines of a cell with functions run on the endpoint: those below the
 * magic line, through the end of the last function at the top level.
 *
 * Found from the indentation alone, as a quick hint while typing; what counts
 * when the cell runs is the kernel's own reading.
 *
 * @returns `null` for a cell without functions.
 */
export function definitionLines(source: string): ILineRange | null {
  const lines = source.split('\n');
  const magic = lines.findIndex(line => line.trim() !== '');
  let last = -1;
  let inDefinition = false;
  lines.forEach((line, at) => {
    if (at <= magic || line.trim() === '') {
      return;
    }
    if (/^\S/.test(line) && !CONTINUATION.test(line)) {
      inDefinition = DEFINITION.test(line);
    }
    if (inDefinition && !line.startsWith('#')) {
      last = at;
    }
  });
  if (last < 0) {
    return null;
  }
  const first = lines.findIndex((line, at) => at > magic && line.trim() !== '');
  return { first: first + 1, last: last + 1 };
}
