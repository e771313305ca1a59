import { quoteWord } from './tokenizer';

/** Names that a call can begin with. */
const IDENTIFIER = /^[A-Za-z_]\w*$/;

/**
 * Where a source defines a function, up to its parameters; a registered one
 * may carry the cell's text as a literal.
 */
const DEFINITION = /(?:\b|\\n)def[^\S\n]+(\w+)[^\S\n]*\(/g;

/**
 * The text of a cell that calls a registered function.
 *
 * @param id - UUID of the function.
 * @param name - What people call it.
 * @param source - Its source, where known: its parameters are put into the
 *   call, to be filled in.
 */
export function functionCallCell(
  id: string,
  name: string,
  source: string | null
): string {
  const callable = IDENTIFIER.test(name) ? name : 'remote_function';
  const parameters = source === null ? '' : parametersOf(source, callable);
  return [
    `%%compute --function ${quoteWord(`${callable}=${id}`)}`,
    `${callable}(${parameters})`
  ].join('\n');
}

/** The names of the parameters that a caller has to give. */
function parametersOf(source: string, name: string): string {
  const definition = [...source.matchAll(DEFINITION)].findLast(
    ([, defined]) => defined === name
  );
  if (!definition) {
    return '';
  }
  const start = definition.index + definition[0].length;
  const list = untilClosed(source.slice(start));
  return splitTopLevel(list)
    .map(part => part.trim())
    .filter(part => /^\w+\s*(?::|$)/.test(part))
    .map(part => /^\w+/.exec(part)?.[0] ?? '')
    .join(', ');
}

/** The text up to the bracket that closes one opened before it. */
function untilClosed(text: string): string {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    depth += depthChange(text[at]);
    if (depth < 0) {
      return text.slice(0, at);
    }
  }
  return '';
}

/** How much deeper in brackets one is after a character. */
function depthChange(character: string): number {
  if ('([{'.includes(character)) {
    return 1;
  }
  return ')]}'.includes(character) ? -1 : 0;
}

/** The parts of a list of parameters, without those that have a default. */
function splitTopLevel(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of list) {
    if (character === ',' && depth === 0) {
      parts.push(part);
      part = '';
      continue;
    }
    depth += depthChange(character);
    part += character;
  }
  parts.push(part);
  return parts.filter(text => !text.includes('='));
}
