// @vitest-environment node
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { IBombOutcome } from '../testing/bombchild.js';
import { BOMBS } from '../testing/bombs.js';

const MAX_MEGABYTES = 256;

const MAX_TIME_MS = 1000;

/** The machine may be busy with others: the best of a few counts. */
const ATTEMPTS = 4;

describe('a bomb of at most 10 MiB', { timeout: 60_000 }, () => {
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'globus-compute-bombs-'));
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: fileURLToPath(new URL('../testing/bombchild.ts', import.meta.url)),
        outDir: folder,
        rolldownOptions: { output: { entryFileNames: 'child.mjs' } }
      }
    });
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(Object.keys(BOMBS))('is harmless: %s', name => {
    const outcomes: IBombOutcome[] = [];
    do {
      outcomes.push(explode(path.join(folder, 'child.mjs'), name));
    } while (!outcomes.some(isHarmless) && outcomes.length < ATTEMPTS);
    expect(['read', 'refused']).toContain(outcomes[0].outcome);
    expect(outcomes.find(isHarmless), JSON.stringify(outcomes)).toBeDefined();
  });
});

function isHarmless({ timeMs, addedBytes }: IBombOutcome): boolean {
  return timeMs < MAX_TIME_MS && addedBytes < MAX_MEGABYTES * 1024 * 1024;
}

function explode(script: string, name: string): IBombOutcome {
  const child = spawnSync(
    process.execPath,
    [`--max-old-space-size=${MAX_MEGABYTES}`, script, name],
    { encoding: 'utf8', timeout: 20_000 }
  );
  if (child.status !== 0) {
    throw new Error(`${name} ended the process: ${child.stderr.slice(0, 500)}`);
  }
  return JSON.parse(child.stdout) as IBombOutcome;
}
