import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';

import { build } from 'vite';

/** The files of a page that was bundled, by their paths. */
export type PageFiles = ReadonlyMap<string, string>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8'
};

/**
 * Bundle a page of the tests with what it imports from the sources.
 *
 * @param root - the page's folder
 * @param pages - its HTML files
 */
export async function bundlePage(
  root: string,
  pages: readonly string[]
): Promise<PageFiles> {
  const result = await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      minify: false,
      modulePreload: false,
      rollupOptions: { input: pages.map(page => path.join(root, page)) }
    }
  });
  const bundles = 'output' in result ? [result] : result;
  if (!Array.isArray(bundles)) {
    throw new Error('The page was not bundled: the bundler only watches it.');
  }
  return new Map(
    bundles.flatMap(({ output }) =>
      output.map(file => [
        `/${file.fileName}`,
        file.type === 'chunk' ? file.code : String(file.source)
      ])
    )
  );
}

/** Answer a request for a file of a page. */
export function sendFile(
  files: PageFiles,
  request: IncomingMessage,
  response: ServerResponse
): void {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const name = pathname === '/' ? '/index.html' : pathname;
  const text = files.get(name);
  response.writeHead(text === undefined ? 404 : 200, {
    'Content-Type': TYPES[path.extname(name)] ?? 'text/plain'
  });
  response.end(text ?? 'No such file.');
}
