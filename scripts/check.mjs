/**
 * Everything about a change that can be told without running it: types, lint,
 * format, import rules, dead code, the API report, authorisation.
 *
 * `--update-api` writes the SDK's API report anew instead of comparing with it.
 */
import { checks } from './lib/checks.mjs';
import { runMain } from './lib/failure.mjs';
import { runChecks } from './lib/run-checks.mjs';
import { prepare } from './setup.mjs';

await runMain(async () => {
  // Where it does not build, the checks say why.
  await prepare({ mustBuild: false });
  const updateApi = process.argv.includes('--update-api');
  const outcomes = await runChecks(checks({ updateApi, useCaches: true }));
  const failed = outcomes.filter(outcome => !outcome.passed);
  console.log(
    `${outcomes.length - failed.length} passed, ${failed.length} failed`
  );
  return failed.length > 0 ? 1 : 0;
});
