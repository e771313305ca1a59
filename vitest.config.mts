import { defineConfig } from 'vitest/config';

/** Long suites run only when asked for: `npm run test:long`. */
const runsLongSuites = process.env.GLOBUS_COMPUTE_LONG_TESTS === '1';

export default defineConfig({
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.mjs'],
    exclude: runsLongSuites ? [] : ['src/**/*.long.test.{ts,tsx}'],
    setupFiles: ['./vitest.setup.ts'],
    // Two cores are the smallest machine the suites are made for.
    maxWorkers: 2,
    restoreMocks: true,
    server: {
      deps: {
        // These packages import style sheets and icons as modules, which
        // only Vite, not Node, can load.
        inline: [/@jupyterlab\//, /@jupyter\//, /@lumino\//]
      }
    }
  }
});
