import path from 'node:path';

import { Failure } from './failure.mjs';
import { inRoot, venvCommand } from './paths.mjs';
import { run } from './process.mjs';
import { digestOf, Stamp } from './stamp.mjs';

/** Where the examples are kept as they were run. */
export const executedExamples = inRoot('dist/examples');

/** What their outputs depend on. */
const inputs = [
  'examples',
  'jupyterlab_globus_compute',
  'requirements-dev.lock',
  'scripts/docs/run_examples.py'
];

/**
 * The examples with their outputs.
 *
 * @returns {import('./steps.mjs').IStep}
 */
export function examplesStep() {
  const stamp = new Stamp(
    path.join(executedExamples, '.stamp'),
    digestOf(inputs, {
      counts: file => /\.(ipynb|json|py|lock)$/.test(file) && counts(file)
    })
  );
  return {
    title: 'Examples',
    isCurrent: stamp.isCurrent,
    make: async () => {
      await stamp.clear();
      const { code, output } = await run(venvCommand('python'), [
        inRoot('scripts/docs/run_examples.py'),
        executedExamples
      ]);
      if (code !== 0) {
        throw new Failure(
          'An example does not do what it says: see above.',
          output
        );
      }
      await stamp.write();
    }
  };
}

/**
 * @param {string} file
 * @returns {boolean} whether a file of the package has to do with examples
 */
function counts(file) {
  return !/[\\/](tests|labextension|\.ipynb_checkpoints)[\\/]/.test(file);
}
