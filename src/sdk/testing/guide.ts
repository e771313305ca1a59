/**
 * The pages of the guide, as programs.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = new URL('../../../docs/sdk/', import.meta.url);

/** The page that shows the SDK beside the notebook. */
const SIDE_BY_SIDE = '../guide.md';

/** What the pages import, and what stands for it in tests. */
const PACKAGE = 'jupyterlab-globus-compute/sdk';

/** A fenced block: its info string and text. */
const FENCE = /^```(\w+)(.*)\n([\s\S]*?)^```$/gm;

/** `import { a, type B } from 'x';` */
const IMPORT = /^import \{([^}]*)\} from '([^']+)';$/gm;

/** Printed after each block, so that outputs can be told apart. */
export const BLOCK_END = '--- end of a block ---';

/** A page of the guide. */
export interface IGuidePage {
  /** File name, e.g. `batches.md`. */
  name: string;

  /** All its code, to be type-checked. */
  whole: string;

  /** Its code without what needs an account, to be run. */
  program: string;

  /** What is printed by each block that is run. */
  outputs: string[];
}

/** All pages, each with the lines that every page goes on from. */
export function readGuide(): IGuidePage[] {
  const setup = fences(textOf('README.md')).find(({ kind }) => kind === 'ts');
  if (!setup) {
    throw new Error('README.md does not say how to make a client');
  }
  return [...readdirSync(FOLDER), SIDE_BY_SIDE]
    .filter(name => name.endsWith('.md'))
    .map(name => readPage(name, name === 'README.md' ? '' : setup.text));
}

function readPage(name: string, setup: string): IGuidePage {
  const whole: string[] = [setup];
  const program: string[] = [setup];
  const outputs: string[] = [];
  let last = '';
  for (const { kind, info, text } of fences(textOf(name))) {
    if (kind === 'text' && last === 'ts') {
      outputs[outputs.length - 1] = text;
    }
    if (kind === 'ts') {
      whole.push(text);
      if (!info.includes('no-run')) {
        program.push(text, `console.log('${BLOCK_END}');\n`);
        outputs.push('');
      }
    }
    last = kind;
  }
  return {
    name: basename(name),
    whole: asModule(whole.join('\n')),
    program: asModule(program.join('\n')),
    outputs
  };
}

function textOf(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

function fences(page: string): { kind: string; info: string; text: string }[] {
  return Array.from(page.matchAll(FENCE), ([, kind, info, text]) => ({
    kind,
    info,
    text
  }));
}

/** One module: blocks may import what others import too. */
function asModule(code: string): string {
  const names = new Map<string, Set<string>>();
  for (const [, list, module] of code.matchAll(IMPORT)) {
    const known = names.get(module) ?? new Set<string>();
    names.set(module, known);
    list
      .split(',')
      .map(name => name.trim())
      .filter(name => name !== '')
      .forEach(name => known.add(name));
  }
  const sdk = fileURLToPath(new URL('../index.ts', import.meta.url));
  const imports = Array.from(names, ([module, list]) => {
    const path = module === PACKAGE ? sdk : module;
    return `import { ${[...list].join(', ')} } from '${path}';`;
  });
  return `${imports.join('\n')}\n${code.replace(IMPORT, '')}\nexport {};\n`;
}
