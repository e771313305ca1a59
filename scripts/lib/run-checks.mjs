import { secondsSince } from './steps.mjs';

/** The smallest machine this is made for has two cores. */
const workers = 2;

/**
 * @typedef {object} ICheckOutcome
 * @property {string} name
 * @property {boolean} passed
 */

/**
 * Run checks two at a time; each is reported as one line, with its output when
 * it fails.
 *
 * @param {readonly import('./checks.mjs').ICheck[]} checks
 * @returns {Promise<ICheckOutcome[]>} in the order of the checks
 */
export async function runChecks(checks) {
  /** @type {ICheckOutcome[]} */
  const outcomes = [];
  const queue = checks.entries();
  const work = async () => {
    for (const [index, check] of queue) {
      outcomes[index] = await runCheck(check);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return outcomes;
}

/**
 * @param {import('./checks.mjs').ICheck} check
 * @returns {Promise<ICheckOutcome>}
 */
async function runCheck(check) {
  const startedMs = Date.now();
  const { code, output } = await check.run();
  const passed = code === 0;
  const verdict = passed ? 'PASS' : 'FAIL';
  console.log(`${verdict} ${check.name} (${secondsSince(startedMs)})`);
  if (!passed) {
    console.log(output.trimEnd().replace(/^/gm, '     '));
  }
  return { name: check.name, passed };
}
