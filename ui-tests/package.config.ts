import path from 'node:path';

import { defineConfig } from '@playwright/test';

import base from './playwright.config';

/**
 * Browser tests of what is installed elsewhere: `package_tests` makes that
 * environment and runs them, see `package_tests/browser.py`.
 *
 * Environment, beside that of the other browser tests:
 * `GLOBUS_COMPUTE_PACKAGE_APPLICATION`, `lab` or `notebook`;
 * `GLOBUS_COMPUTE_PACKAGE_BIN` and `GLOBUS_COMPUTE_PACKAGE_PATH`, where its
 * commands are, and what it finds on its PATH.
 */
const application = process.env.GLOBUS_COMPUTE_PACKAGE_APPLICATION ?? 'lab';
const bin = process.env.GLOBUS_COMPUTE_PACKAGE_BIN ?? '';

export default defineConfig({
  ...base,
  testDir: 'package',
  outputDir: `../test-results/package-${application}`,
  reporter: 'list',
  webServer: [base.webServer ?? []].flat().map(server => ({
    ...server,
    command:
      `"${path.join(bin, `jupyter-${application}`)}" ` +
      '--config ui-tests/jupyter_server_config.py',
    env: {
      ...server.env,
      PATH: process.env.GLOBUS_COMPUTE_PACKAGE_PATH ?? ''
    }
  }))
});
