/**
 * Compile `src` into `lib`, and tell Node that the SDK's files are ES modules.
 *
 * The package as a whole says nothing of the kind: a `type` in its own
 * package.json would hold for every script below it that has none, and a
 * virtual environment in this folder brings some that are not ES modules.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const typescript = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [typescript, '--build'], {
  cwd: root,
  stdio: 'inherit'
});
if (status === 0) {
  const sdk = path.join(root, 'lib', 'sdk');
  mkdirSync(sdk, { recursive: true });
  writeFileSync(path.join(sdk, 'package.json'), '{ "type": "module" }\n');
}
process.exitCode = status ?? 1;
