import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import prettier from 'prettier';

import { Failure } from '../failure.mjs';
import { inRoot, venvCommand } from '../paths.mjs';
import { run } from '../process.mjs';
import { commandsPage } from './commands.mjs';
import { errorsPage } from './errors.mjs';
import { optionsPage } from './options.mjs';
import { settingsPage } from './settings.mjs';

/** Where the pages are. */
const folder = 'docs/reference';

/** The command that writes them. */
const remedy = 'npm run docs -- --reference';

const notice = `<!-- Made from the declarations in the sources by "${remedy}": change those. -->\n\n`;

/**
 * The pages of the reference, as the declarations in the sources have it.
 *
 * @returns {Promise<Map<string, string>>} texts by file, below the root
 */
async function referencePages() {
  const described = await describePython();
  const pages = {
    'options.md': optionsPage(),
    'commands.md': commandsPage(),
    'settings.md': settingsPage(described),
    'errors.md': errorsPage(described)
  };
  const written = new Map();
  for (const [name, text] of Object.entries(pages)) {
    const file = path.join(folder, name);
    const config = await prettier.resolveConfig(inRoot(file));
    const options = { ...config, parser: 'markdown' };
    written.set(file, await prettier.format(notice + text, options));
  }
  return written;
}

/** Write the pages of the reference. */
export async function writeReference() {
  await mkdir(inRoot(folder), { recursive: true });
  for (const [file, text] of await referencePages()) {
    await writeFile(inRoot(file), text);
  }
}

/**
 * @throws Failure for pages that are not as the declarations have it
 */
export async function checkReference() {
  const pages = await referencePages();
  const stale = [...pages].filter(
    ([file, text]) =>
      !existsSync(inRoot(file)) || readFileSync(inRoot(file), 'utf8') !== text
  );
  if (stale.length > 0) {
    const files = stale.map(([file]) => file).join(', ');
    throw new Failure(
      `${files}: not as the sources declare it. Run "${remedy}" and commit what it writes.`
    );
  }
}

/**
 * @returns {Promise<Parameters<typeof settingsPage>[0] & Parameters<typeof errorsPage>[0]>}
 *   what the Python half declares
 */
async function describePython() {
  const script = inRoot('scripts/docs/describe_python.py');
  const { code, output } = await run(venvCommand('python'), [
    '-W',
    'ignore',
    script
  ]);
  if (code !== 0) {
    throw new Failure(
      'The Python half cannot be described: see above.',
      output
    );
  }
  /** @type {unknown} */
  const described = JSON.parse(output);
  return /** @type {Awaited<ReturnType<typeof describePython>>} */ (described);
}
