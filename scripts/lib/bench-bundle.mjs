/**
 * Bundles of the SDK, made from its sources.
 */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

import ts from 'typescript';
import { build } from 'vite';

import { inRoot } from './paths.mjs';

/**
 * Do something with a folder of its own, which is removed afterwards.
 *
 * @template T
 * @param {(folder: string) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withFolder(use) {
  const folder = await mkdtemp(path.join(tmpdir(), 'globus-compute-bench-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Bundle the SDK for Node.
 *
 * @param {string} folder - where to put it
 * @returns {Promise<string>} the path of the module
 */
export async function bundleForNode(folder) {
  await build({
    configFile: false,
    logLevel: 'error',
    root: inRoot(),
    // It lies outside of the clone, where no package is found.
    ssr: { noExternal: true },
    build: {
      ssr: 'src/sdk/index.ts',
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'sdk.mjs' } }
    }
  });
  return path.join(folder, 'sdk.mjs');
}

/**
 * A file of a bundle.
 *
 * @typedef {object} IChunk
 * @property {string} name
 * @property {boolean} atStart - whether it loads with the entry, not later
 * @property {number} minified - its size in bytes
 * @property {number} gzipped - its size in bytes
 * @property {readonly string[]} packages - npm packages it has code of
 */

/**
 * Bundle the SDK for the browser with everything it needs, minified.
 *
 * @param {string} folder - where to put it
 * @param {readonly string[]} [names] - of what is used; the whole door unless
 *   given
 * @returns {Promise<IChunk[]>} what loads at the start first
 */
export async function bundleForBrowser(folder, names) {
  const door = JSON.stringify(inRoot('src/sdk/index.ts'));
  const entry = path.join(folder, 'entry.ts');
  const used = names ? `{ ${names.join(', ')} }` : '*';
  await writeFile(entry, `export ${used} from ${door};\n`);
  const result = await build({
    configFile: false,
    logLevel: 'error',
    root: inRoot(),
    build: {
      outDir: folder,
      emptyOutDir: false,
      minify: true,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: entry,
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: 'sdk.js', chunkFileNames: '[name].js' }
      }
    }
  });
  if (Array.isArray(result) || !('output' in result)) {
    throw new TypeError('The bundler gave no files.');
  }
  const chunks = result.output.filter(file => file.type === 'chunk');
  const atStart = new Set(['sdk.js']);
  for (const name of atStart) {
    const chunk = chunks.find(({ fileName }) => fileName === name);
    chunk?.imports.forEach(imported => atStart.add(imported));
  }
  const files = await Promise.all(
    chunks.map(async ({ fileName, moduleIds }) => {
      const bytes = await readFile(path.join(folder, fileName));
      return {
        name: fileName,
        atStart: atStart.has(fileName),
        minified: bytes.length,
        gzipped: gzipSync(bytes).length,
        packages: packagesOf(moduleIds)
      };
    })
  );
  return files.sort((a, b) => Number(b.atStart) - Number(a.atStart));
}

/**
 * @param {readonly string[]} moduleIds
 * @returns {string[]}
 */
function packagesOf(moduleIds) {
  const names = moduleIds.flatMap(id => {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id);
    return match ? [match[1]] : [];
  });
  return [...new Set(names)].sort();
}

/**
 * What of the SDK the sources outside of it use, types left out: what loads
 * when JupyterLab starts.
 *
 * @returns {Promise<string[]>}
 */
export async function namesUsedByLab() {
  const files = await readdir(inRoot('src'), { recursive: true });
  const sources = files.filter(
    file =>
      /\.tsx?$/.test(file) && !/^sdk\/|\.test\.|\btesting\b/.test(posix(file))
  );
  const names = await Promise.all(
    sources.map(async file =>
      importedNames(await readFile(inRoot('src', file), 'utf8'))
    )
  );
  return [...new Set(names.flat())].sort();
}

/**
 * @param {string} source
 * @returns {string[]} values it imports from the door of the SDK
 */
function importedNames(source) {
  const { statements } = ts.createSourceFile(
    'x.tsx',
    source,
    ts.ScriptTarget.Latest
  );
  return statements.flatMap(statement => {
    if (
      !ts.isImportDeclaration(statement) ||
      !ts.isStringLiteral(statement.moduleSpecifier) ||
      !/^\.{1,2}\/(?:.*\/)?sdk(?:\/index)?(?:\.js)?$/.test(
        statement.moduleSpecifier.text
      )
    ) {
      return [];
    }
    const clause = statement.importClause;
    const bindings = clause?.namedBindings;
    return clause &&
      clause.phaseModifier !== ts.SyntaxKind.TypeKeyword &&
      bindings &&
      ts.isNamedImports(bindings)
      ? bindings.elements
          .filter(element => !element.isTypeOnly)
          .map(element => (element.propertyName ?? element.name).text)
      : [];
  });
}

/**
 * @param {string} file
 * @returns {string}
 */
function posix(file) {
  return file.replaceAll(path.sep, '/');
}
