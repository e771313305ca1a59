/**
 * Measures: `npm run bench` runs every benchmark, `npm run bench -- pickle`
 * one. Ends with an error when a figure that must hold does not.
 *
 * `--json FILE` writes the figures to a file; `--soak` runs long forms.
 */
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import { parseArgs } from 'node:util';

import { cellText, findBenchmarks, holds, tableText } from './lib/bench.mjs';
import { Failure, runMain } from './lib/failure.mjs';

/** @typedef {import('./lib/bench.mjs').IReport} IReport */

await runMain(async () => {
  const { values, positionals } = readArguments();
  const benchmarks = await findBenchmarks(positionals);
  /** @type {Record<string, IReport>} */
  const reports = {};
  for (const [name, { description, run }] of benchmarks) {
    console.log(`\n${name}: ${description}\n`);
    reports[name] = await run({ soak: values.soak });
    printReport(reports[name]);
  }
  if (values.json !== undefined) {
    await writeFile(values.json, figuresText(reports));
  }
  const requirements = Object.values(reports).flatMap(
    report => report.requirements
  );
  const passed = requirements.filter(holds).length;
  const failed = requirements.length - passed;
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;
});

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'string' },
        soak: { type: 'boolean', default: false }
      }
    });
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {IReport} report
 */
function printReport({ tables, requirements }) {
  for (const table of tables) {
    console.log(`${tableText(table)}\n`);
  }
  for (const requirement of requirements) {
    const { name, value, limit, unit } = requirement;
    const mark = holds(requirement) ? 'ok  ' : 'FAIL';
    console.log(
      `${mark} ${name}: ${cellText(value)} ${unit} (below ${cellText(limit)})`
    );
  }
}

/**
 * @param {Record<string, IReport>} reports
 * @returns {string}
 */
function figuresText(reports) {
  const benchmarks = Object.fromEntries(
    Object.entries(reports).map(([name, { figures, requirements }]) => [
      name,
      {
        figures,
        requirements: requirements.map(requirement => ({
          ...requirement,
          holds: holds(requirement)
        }))
      }
    ])
  );
  const machine = {
    node: process.version,
    platform: `${os.platform()} ${os.arch()}`,
    processors: os.cpus().length
  };
  return `${JSON.stringify({ machine, benchmarks }, null, 2)}\n`;
}
