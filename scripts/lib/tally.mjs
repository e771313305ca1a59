import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * How a suite went. The reporters in `scripts/reporters` write it as JSON to
 * the file that the environment variable `TALLY_FILE` names.
 *
 * @typedef {object} ITally
 * @property {number} passed - tests
 * @property {number} failed - tests, and errors outside any test
 * @property {readonly ISkipped[]} skipped
 * @property {readonly string[]} [retried] - tests that failed at first, and
 *   passed when they were tried again; among the passed ones
 */

/**
 * @typedef {object} ISkipped
 * @property {string} name - of the test
 * @property {string} reason
 */

/**
 * @param {ITally} tally
 */
export function writeTally(tally) {
  const file = process.env.TALLY_FILE;
  if (file) {
    writeFileSync(file, JSON.stringify(tally));
  }
}

/**
 * @param {string} file
 * @param {number} code - the suite's exit code
 * @returns {ITally} one failure where the suite failed without saying how
 */
export function readTally(file, code) {
  const tally = existsSync(file)
    ? /** @type {ITally} */ (JSON.parse(readFileSync(file, 'utf8')))
    : { passed: 0, failed: 0, skipped: [] };
  const brokeOff = tally.failed === 0 && (code !== 0 || !existsSync(file));
  return brokeOff ? { ...tally, failed: 1 } : tally;
}
