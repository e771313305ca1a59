import { existsSync, readFileSync } from 'node:fs';

import { Failure } from './failure.mjs';
import { inRoot, venvCommand } from './paths.mjs';
import { run } from './process.mjs';

/** Which picture of the browser tests is which picture of the pages. */
const manifest = 'docs/images/pictures.json';

/** Where the browser tests keep their pictures. */
const taken = 'test-results/screenshots';

/**
 * Take the pictures of the pages from the last run of the browser tests, made
 * smaller.
 *
 * @throws Failure for one that the tests did not take
 */
export async function takeScreenshots() {
  /** @type {unknown} */
  const parsed = JSON.parse(readFileSync(inRoot(manifest), 'utf8'));
  const pictures = /** @type {Record<string, string>} */ (parsed);
  for (const [name, picture] of Object.entries(pictures)) {
    const from = inRoot(taken, `${picture}.png`);
    if (!existsSync(from)) {
      throw new Failure(
        `${taken}/${picture}.png is missing: run the browser test that takes "${picture}", then try again.`
      );
    }
    const to = inRoot('docs/images', name);
    const script = inRoot('scripts/docs/shrink_picture.py');
    const { code, output } = await run(venvCommand('python'), [
      script,
      from,
      to
    ]);
    if (code !== 0) {
      throw new Failure(`${name} could not be made: see above.`, output);
    }
    console.log(`docs/images/${name}: ${output.trim()}`);
  }
}
