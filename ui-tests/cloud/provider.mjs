/**
 * Runs the tests' OpenID provider, which is TypeScript, until standard input
 * ends: `node ui-tests/cloud/provider.mjs [REDIRECT-URI…]`.
 */
import path from 'node:path';

import { runnerImport } from 'vite';

const source = path.join(
  import.meta.dirname,
  '../../src/sdk/auth/testing/main.ts'
);
/** @type {{ module: typeof import('../../src/sdk/auth/testing/main.js') }} */
const { module } = await runnerImport(source, {
  configFile: false,
  logLevel: 'error'
});
await module.main(process.stdout, process.argv.slice(2));
process.stdin.resume().once('end', () => process.exit(0));
