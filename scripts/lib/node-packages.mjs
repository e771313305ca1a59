import { Failure } from './failure.mjs';
import { inRoot } from './paths.mjs';
import { requireNpm } from './prerequisites.mjs';
import { runNpm } from './process.mjs';
import { digestOf, Stamp } from './stamp.mjs';

/**
 * The npm packages of package-lock.json.
 *
 * @returns {import('./steps.mjs').IStep}
 */
export function nodePackagesStep() {
  const stamp = new Stamp(
    inRoot('node_modules/.stamp'),
    digestOf(['package-lock.json'], { salt: process.platform + process.arch })
  );
  return {
    title: 'npm packages',
    isCurrent: stamp.isCurrent,
    require: requireNpm,
    make: async () => {
      await stamp.clear();
      const { code, output } = await runNpm(['ci', '--no-progress']);
      if (code !== 0) {
        throw new Failure(
          '"npm ci" failed: see above; with a working network connection, ' +
            'try again.',
          output
        );
      }
      await stamp.write();
    }
  };
}
