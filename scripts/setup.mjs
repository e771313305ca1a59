/**
 * Brings a clone to the point where it runs: npm packages, Python packages,
 * the front end. What is up to date is left alone.
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { collaborationStep } from './lib/collaboration.mjs';
import { Failure, printFailure, runMain } from './lib/failure.mjs';
import { buildStep, linkStep } from './lib/front-end.mjs';
import { nodePackagesStep } from './lib/node-packages.mjs';
import { requireNode } from './lib/prerequisites.mjs';
import { pythonEnvironmentStep } from './lib/python-environment.mjs';
import { runStep } from './lib/steps.mjs';

/**
 * @param {object} options
 * @param {boolean} options.mustBuild - whether a front end that does not build
 *   is a failure; else it is only told
 * @param {boolean} [options.forTests] - whether to install what only tests use
 * @returns {Promise<boolean>} whether the front end is built
 * @throws Failure where something is missing that a person has to put right
 */
export async function prepare({ mustBuild, forTests = false }) {
  await installPackages();
  if (forTests) {
    await runStep(collaborationStep());
  }
  try {
    await runStep(buildStep());
    await runStep(linkStep());
    return true;
  } catch (error) {
    if (mustBuild || !(error instanceof Failure)) {
      throw error;
    }
    printFailure(error);
    return false;
  }
}

/** Install everything the commands of this project run on. */
async function installPackages() {
  requireNode();
  const steps = [nodePackagesStep(), pythonEnvironmentStep()];
  for (const step of steps) {
    if (!step.isCurrent) {
      await step.require?.();
    }
  }
  const outcomes = await Promise.allSettled(steps.map(runStep));
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') {
      throw outcome.reason;
    }
  }
}

if (realpathSync(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) {
  await runMain(async () => {
    await prepare({ mustBuild: true, forTests: true });
    return 0;
  });
}
