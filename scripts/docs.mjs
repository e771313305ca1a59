/**
 * Builds the documentation site into `dist/docs`. A warning is a failure.
 *
 * `--reference` only writes the pages of the reference anew, `--screenshots`
 * only takes the pictures of the pages from the last run of the browser tests.
 */
import path from 'node:path';

import { executedExamples, examplesStep } from './lib/examples.mjs';
import { Failure, runMain } from './lib/failure.mjs';
import { takeScreenshots } from './lib/screenshots.mjs';
import { inRoot, npmCommand, venvCommand } from './lib/paths.mjs';
import { run } from './lib/process.mjs';
import { runStep } from './lib/steps.mjs';
import { prepare } from './setup.mjs';

/** Where the site is built. */
const site = inRoot('dist/docs');

/**
 * @param {string} title
 * @param {string} command
 * @param {readonly string[]} args
 */
async function build(title, command, args) {
  await runStep({
    title,
    isCurrent: false,
    make: async () => {
      const { code, output } = await run(command, args);
      if (code !== 0) {
        throw new Failure(`${title}: see above, and put it right.`, output);
      }
    }
  });
}

/** Build everything. */
async function buildSite() {
  await runStep(examplesStep());
  await build('Site', venvCommand('sphinx-build'), [
    ...['--builder', 'html', '--conf-dir', 'docs/_site'],
    ...['--fail-on-warning', '--keep-going', '--quiet'],
    ...['--doctree-dir', inRoot('dist/docs-cache')],
    ...['--define', `executed_examples=${executedExamples}`],
    '.',
    site
  ]);
  await build('Pages of the SDK’s API', process.execPath, [
    npmCommand('typedoc'),
    '--out',
    path.join(site, 'docs/sdk/api')
  ]);
  console.log(`Ready: ${path.join(site, 'index.html')}`);
}

await runMain(async () => {
  if (process.argv.includes('--screenshots')) {
    await takeScreenshots();
    return 0;
  }
  await prepare({ mustBuild: false });
  // In a fresh clone what it is made of is not installed when this is read.
  const { writeReference } = await import('./lib/reference/pages.mjs');
  await writeReference();
  if (!process.argv.includes('--reference')) {
    await buildSite();
  }
  return 0;
});
