/**
 * Everything a change must pass: checks, unit tests, Python tests, browser
 * tests. Goes on after a suite that fails, and ends with one line of counts.
 *
 * `--long` runs the long suites too.
 */
import { Failure, printFailure, runMain } from './lib/failure.mjs';
import { secondsSince } from './lib/steps.mjs';
import { suites } from './lib/suites.mjs';
import { prepare } from './setup.mjs';

/**
 * @param {import('./lib/suites.mjs').ISuite} suite
 * @returns {Promise<import('./lib/tally.mjs').ITally>}
 */
async function runSuite(suite) {
  const startedMs = Date.now();
  console.log(`\n=== ${suite.title}`);
  const tally = await suite.run().catch((/** @type {unknown} */ error) => {
    if (!(error instanceof Failure)) {
      throw error;
    }
    printFailure(error);
    return { passed: 0, failed: 1, skipped: [] };
  });
  console.log(
    `=== ${suite.title}: ${countsOf(tally)} (${secondsSince(startedMs)})`
  );
  return tally;
}

/**
 * @param {import('./lib/tally.mjs').ITally} tally
 * @returns {string} for example `12 passed, 0 failed, 1 skipped`
 */
function countsOf({ passed, failed, skipped, retried = [] }) {
  return [
    `${passed} passed`,
    `${failed} failed`,
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
    ...(retried.length > 0 ? [`${retried.length} at the second try`] : [])
  ].join(', ');
}

await runMain(async () => {
  const isBuilt = await prepare({ mustBuild: false, forTests: true });
  const long = process.argv.includes('--long');
  const total = {
    passed: 0,
    failed: 0,
    /** @type {import('./lib/tally.mjs').ISkipped[]} */ skipped: [],
    /** @type {string[]} */ retried: []
  };
  for (const suite of suites({ long, isBuilt })) {
    const tally = await runSuite(suite);
    total.passed += tally.passed;
    total.failed += tally.failed;
    total.skipped.push(...tally.skipped);
    total.retried.push(...(tally.retried ?? []));
  }
  console.log('');
  for (const { name, reason } of total.skipped) {
    console.log(`skipped: ${name}: ${reason}`);
  }
  for (const name of total.retried) {
    console.log(`passed at the second try only: ${name}`);
  }
  console.log(countsOf(total));
  return total.failed > 0 ? 1 : 0;
});
