import { tmpdir } from 'node:os';
import path from 'node:path';

import { defineConfig } from '@playwright/test';

import { ownServer, servers } from './server';

/**
 * Browser tests against a JupyterLab of their own: its folders, settings and
 * kernels are apart from those of the person who runs them.
 *
 * Environment: `CHROMIUM_PATH`, the browser; `GLOBUS_COMPUTE_UI_TEST_PORT`, a
 * free port for each of the workers, with commas between them. `npm test` sets
 * both.
 */
const runsLongSuites = process.env.GLOBUS_COMPUTE_LONG_TESTS === '1';
const root = path.resolve(__dirname, '..');
const isWindows = process.platform === 'win32';
const venvBin = path.join(root, '.venv', isWindows ? 'Scripts' : 'bin');

/** A token for a server that lives for one run of the tests. */
const token = 'ui-tests';
process.env.GLOBUS_COMPUTE_UI_TEST_TOKEN = token;

/*
 * The tests' own home. Playwright loads this file once more in every worker:
 * what the first time chose is handed down through the environment.
 */
process.env.GLOBUS_COMPUTE_UI_TEST_HOME ??= path.join(
  tmpdir(),
  `globus-compute-ui-tests-${process.pid}`
);
const { port: ownPort, storageState } = ownServer();

export default defineConfig({
  globalSetup: './sign-in.ts',
  testDir: 'tests',
  outputDir: '../test-results/ui-tests',
  fullyParallel: false,
  workers: servers().length,
  // A machine of others may be slow. What passes at the second try only is
  // listed at the end, as what it is: something to mend.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  grepInvert: runsLongSuites ? undefined : /@long/,
  reporter: [['list'], ['../scripts/reporters/playwright-tally.mjs']],
  use: {
    baseURL: `http://127.0.0.1:${ownPort}`,
    browserName: 'chromium',
    storageState,
    viewport: { width: 1400, height: 900 },
    screenshot: 'only-on-failure',
    trace: 'off',
    video: 'off',
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync'
      ]
    }
  },
  webServer: servers().map(({ port, home }) => ({
    command: 'jupyter lab --config ui-tests/jupyter_server_config.py',
    cwd: root,
    url: `http://127.0.0.1:${port}/api/status?token=${token}`,
    timeout: 60_000,
    reuseExistingServer: false,
    stdout: 'ignore',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
    env: {
      PATH: `${venvBin}${path.delimiter}${process.env.PATH ?? ''}`,
      JUPYTER_CONFIG_DIR: path.join(home, 'config'),
      JUPYTER_DATA_DIR: path.join(home, 'data'),
      JUPYTER_RUNTIME_DIR: path.join(home, 'runtime'),
      JUPYTERLAB_SETTINGS_DIR: path.join(home, 'settings'),
      JUPYTERLAB_WORKSPACES_DIR: path.join(home, 'workspaces'),
      IPYTHONDIR: path.join(home, 'ipython'),
      // No login of the person who runs the tests.
      GLOBUS_COMPUTE_USER_DIR: path.join(home, 'globus'),
      GLOBUS_COMPUTE_UI_TEST_HOME: home,
      GLOBUS_COMPUTE_UI_TEST_PORT: port,
      GLOBUS_COMPUTE_UI_TEST_TOKEN: token
    }
  }))
});
