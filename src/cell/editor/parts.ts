import { parseMagic } from '../magic/magic';

/** Lines of a cell's text, 1-based, both ends included. */
export interface ILineRange {
  readonly first: number;
  readonly last: number;
}

/** A statement at the top level: its first and last line, 0-based. */
interface IStatement {
  readonly first: number;
  last: number;
}

const DEFINITION = /^(?:async\s+)?def\s/;

/* What binds a function in the module though it is indented. */
const BLOCK =
  /^(?:(?:if|elif|except|with)\b|async\s+with\b|(?:else|try|finally)\s*:)/;

/* It always holds here: what is inside is no part of it. */
const MAIN_GUARD = /^if\s+__name__\b/;

/* What goes on with the statement above it though it is not indented. */
const CONTINUATION = /^(?:[)\]}]|(?:elif|else|except|finally)\b)/;

const FUNCTION_NAME = /^[^\S\n]*(?:async\s+)?def\s+(\w+)/gm;

const CALLED_NAME = /\b(\w+)\s*\(/g;

/**
 * Which lines of a `%%compute` cell run on the endpoint: of a cell with
 * functions those below the magic line, through the end of the last function;
 * none of a cell that only calls functions of others; else all.
 *
 * Found from the indentation alone, as a quick hint while typing; what counts
 * when the cell runs is the kernel's own reading.
 *
 * @param known - Tells which functions other cells made; asked only where that
 * matters.
 * @returns `null` if no line does.
 */
export function remoteRange(
  source: string,
  known: () => Iterable<string> = () => []
): ILineRange | null {
  const lines = source.split('\n');
  const magic = lines.findIndex(line => line.trim() !== '');
  const first = lines.findIndex((line, at) => at > magic && line.trim() !== '');
  const { local, body, functions } = optionsOf(source);
  if (first < 0 || local) {
    return null;
  }
  const statements = statementsOf(lines, first);
  const whole = { first: first + 1, last: (statements.at(-1)?.last ?? 0) + 1 };
  if (body) {
    return whole;
  }
  const defining = statements.findLast(statement =>
    definesFunction(lines, statement)
  );
  if (defining) {
    return { first: first + 1, last: defining.last + 1 };
  }
  const text = lines.slice(first).join('\n');
  const names = new Set([...known(), ...functions.map(([name]) => name)]);
  const calls = [...text.matchAll(CALLED_NAME)].map(([, name]) => name);
  return calls.some(name => names.has(name)) ? null : whole;
}

/** The functions that a `%%compute` cell makes for others to call. */
export function functionNames(source: string): string[] {
  const { functions, body, local } = optionsOf(source);
  const defined = [...source.matchAll(FUNCTION_NAME)].map(([, name]) => name);
  return [
    ...functions.map(([name]) => name),
    ...(body || local ? [] : defined)
  ];
}

/** What the magic line says of it; nothing while it has a mistake. */
function optionsOf(source: string): {
  readonly local: boolean;
  readonly body: boolean;
  readonly functions: readonly (readonly [name: string, id: string])[];
} {
  try {
    return parseMagic(source);
  } catch {
    return { local: false, body: false, functions: [] };
  }
}

function statementsOf(lines: readonly string[], first: number): IStatement[] {
  const statements: IStatement[] = [];
  for (let at = first; at < lines.length; at += 1) {
    const line = lines[at];
    const current = statements.at(-1);
    if (line.trim() === '') {
      continue;
    }
    if (!current || (/^\S/.test(line) && !CONTINUATION.test(line))) {
      statements.push({ first: at, last: at });
    } else {
      current.last = at;
    }
  }
  return statements;
}

/** Whether a statement binds a function in the module. */
function definesFunction(
  lines: readonly string[],
  { first, last }: IStatement
): boolean {
  if (MAIN_GUARD.test(lines[first])) {
    return false;
  }
  const around: { readonly indent: number; readonly isBlock: boolean }[] = [];
  for (const line of lines.slice(first, last + 1)) {
    const text = line.trimStart();
    const indent = line.length - text.length;
    while ((around.at(-1)?.indent ?? -1) >= indent) {
      around.pop();
    }
    if (DEFINITION.test(text) && around.every(({ isBlock }) => isBlock)) {
      return true;
    }
    if (text !== '') {
      around.push({ indent, isBlock: BLOCK.test(text) });
    }
  }
  return false;
}
