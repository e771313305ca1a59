import { writeTally } from '../lib/tally.mjs';

/** @typedef {import('vitest/node').Reporter} Reporter */

/**
 * Counts what vitest ran.
 *
 * @implements {Reporter}
 */
export default class VitestTally {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap(module => [...module.children.allTests()]);
    const inState = (/** @type {string} */ state) =>
      tests.filter(test => test.result().state === state);
    const broken = modules.filter(module => module.errors().length > 0);
    writeTally({
      passed: inState('passed').length,
      failed: inState('failed').length + broken.length + unhandledErrors.length,
      skipped: [...inState('skipped'), ...inState('pending')].map(test => ({
        name: `${test.module.relativeModuleId} > ${test.fullName}`,
        reason: reasonOf(test)
      }))
    });
  }
}

/**
 * @param {import('vitest/node').TestCase} test
 * @returns {string} why it was skipped
 */
function reasonOf(test) {
  const result = test.result();
  const note = result.state === 'skipped' ? result.note : undefined;
  return note ?? 'skipped in its file without a reason';
}
