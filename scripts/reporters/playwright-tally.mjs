import { writeTally } from '../lib/tally.mjs';

/** @typedef {import('@playwright/test/reporter').Reporter} Reporter */

/**
 * @param {import('@playwright/test/reporter').TestCase} test
 * @returns {string}
 */
function nameOf(test) {
  return test.titlePath().filter(Boolean).join(' > ');
}

/**
 * Counts what Playwright ran.
 *
 * @implements {Reporter}
 */
export default class PlaywrightTally {
  constructor() {
    /** @type {import('@playwright/test/reporter').TestCase[]} */
    this._tests = [];
    this._errorsOutsideTests = 0;
  }

  /**
   * @param {import('@playwright/test/reporter').FullConfig} _config
   * @param {import('@playwright/test/reporter').Suite} suite
   */
  onBegin(_config, suite) {
    this._tests = suite.allTests();
  }

  onError() {
    this._errorsOutsideTests += 1;
  }

  onEnd() {
    const withOutcome = (/** @type {string} */ outcome) =>
      this._tests.filter(test => test.outcome() === outcome);
    writeTally({
      passed: withOutcome('expected').length + withOutcome('flaky').length,
      failed: withOutcome('unexpected').length + this._errorsOutsideTests,
      retried: withOutcome('flaky').map(nameOf),
      skipped: withOutcome('skipped').map(test => ({
        name: nameOf(test),
        reason:
          test.annotations.find(({ description }) => description)
            ?.description ?? 'not run'
      }))
    });
  }

  /** @returns {boolean} it prints nothing; others show the progress */
  printsToStdio() {
    return false;
  }
}
