// @vitest-environment node
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';

import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { BLOCK_END, readGuide } from './testing/guide.js';
import { LocalService, skipsLocalService } from './testing/localservice.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const pages = readGuide();
const directory = mkdtempSync(join(tmpdir(), 'guide-'));

afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** Types of all pages, as the project checks its own. */
function typeErrors(): string[] {
  const files = pages.map(({ name, whole }) => {
    const file = join(directory, name.replace('.md', '.check.ts'));
    writeFileSync(file, whole);
    return file;
  });
  const path = join(ROOT, 'tsconfig.json');
  const config: unknown = ts.readConfigFile(path, file =>
    ts.sys.readFile(file)
  ).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const program = ts.createProgram(files, {
    ...options,
    allowImportingTsExtensions: true,
    composite: false,
    incremental: false,
    noEmit: true,
    noUnusedLocals: false,
    rootDir: '/',
    tsBuildInfoFile: undefined,
    typeRoots: [join(ROOT, 'node_modules/@types')],
    types: ['node']
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) =>
      [file?.fileName, ts.flattenDiagnosticMessageText(messageText, ' ')].join(
        ': '
      )
    );
}

describe('The guide', () => {
  it('has right types', { timeout: 120_000 }, () => {
    expect(typeErrors()).toEqual([]);
  });

  it('shows the output of something on each page of its own', () => {
    expect(pages.length).toBeGreaterThan(12);
    const shown = pages.flatMap(page => page.outputs.filter(Boolean));
    expect(shown.length).toBeGreaterThan(30);
  });
});

describe.skipIf(skipsLocalService)(
  `The guide against the local service (${skipsLocalService ?? 'running'})`,
  { timeout: 60_000 },
  () => {
    const home = process.cwd();
    let service: LocalService;

    beforeAll(async () => {
      service = await LocalService.start();
      const address = JSON.stringify(service.address);
      writeFileSync(join(directory, 'service.json'), address);
      process.chdir(directory);
    }, 60_000);

    afterAll(async () => {
      process.chdir(home);
      await service.stop();
    });

    it.each(pages)('$name prints what it says', async page => {
      const printed: string[] = [];
      vi.spyOn(console, 'log').mockImplementation((...args: unknown[]) => {
        printed.push(`${format(...args)}\n`);
      });
      const file = join(directory, page.name.replace('.md', '.run.ts'));
      writeFileSync(file, page.program);
      await import(/* @vite-ignore */ file);
      const outputs = printed.join('').split(`${BLOCK_END}\n`).slice(0, -1);
      expect(outputs).toEqual(page.outputs);
    });
  }
);
