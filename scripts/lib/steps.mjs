/**
 * @typedef {object} IStep
 * @property {string} title - what it brings about
 * @property {boolean} isCurrent - whether there is nothing to do
 * @property {() => Promise<void>} [require] - rejects with a Failure where
 *   something is missing that a person has to install
 * @property {() => Promise<void>} make - does it; rejects with a Failure
 */

/**
 * Run a step unless it is current, with a line when it starts and when it is
 * done.
 *
 * @param {IStep} step
 */
export async function runStep(step) {
  if (step.isCurrent) {
    console.log(`${step.title}: up to date`);
    return;
  }
  const startedMs = Date.now();
  console.log(`${step.title}: working ...`);
  await step.make();
  console.log(`${step.title}: done (${secondsSince(startedMs)})`);
}

/**
 * @param {number} startedMs - as `Date.now()` gave it
 * @returns {string} for example `3.1 s`
 */
export function secondsSince(startedMs) {
  return `${((Date.now() - startedMs) / 1000).toFixed(1)} s`;
}
