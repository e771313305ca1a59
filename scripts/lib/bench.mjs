/**
 * A small framework for benchmarks: `bench/<name>.bench.mjs` exports a
 * `description` and `run`.
 */
import { readdir } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

import { Failure } from './failure.mjs';
import { inRoot } from './paths.mjs';

/**
 * What a benchmark measured.
 *
 * @typedef {object} IReport
 * @property {readonly ITable[]} tables - for people
 * @property {readonly IRequirement[]} requirements - what must hold
 * @property {Record<string, unknown>} figures - for programs: the medians and
 *   whatever else is worth keeping
 */

/**
 * @typedef {object} ITable
 * @property {string} title
 * @property {readonly string[]} columns
 * @property {readonly (readonly (string | number)[])[]} rows
 */

/**
 * A figure that does not depend on the machine, and its bound.
 *
 * @typedef {object} IRequirement
 * @property {string} name - what is compared
 * @property {number} value
 * @property {number} limit - the value must be below
 * @property {string} unit - for example `times CPython`
 */

/**
 * @typedef {object} IBenchOptions
 * @property {boolean} soak - run for long, where a benchmark has such a form
 */

/**
 * @typedef {object} IBenchmark
 * @property {string} description - one line
 * @property {(options: IBenchOptions) => Promise<IReport>} run
 */

/**
 * @param {readonly string[]} names - of those to run; all where there are none
 * @returns {Promise<Map<string, IBenchmark>>} the benchmarks, by name
 * @throws Failure when there is none of a name
 */
export async function findBenchmarks(names) {
  const suffix = '.bench.mjs';
  const files = await readdir(inRoot('bench'));
  const known = files
    .filter(file => file.endsWith(suffix))
    .map(file => file.slice(0, -suffix.length))
    .sort();
  for (const name of names) {
    if (!known.includes(name)) {
      throw new Failure(
        `There is no benchmark "${name}": there are ${known.join(', ')}.`
      );
    }
  }
  const benchmarks = new Map();
  for (const name of names.length > 0 ? names : known) {
    const { href } = pathToFileURL(inRoot('bench', name + suffix));
    benchmarks.set(name, await import(href));
  }
  return benchmarks;
}

/**
 * @param {readonly number[]} values - at least one
 * @returns {number}
 */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * @param {IRequirement} requirement
 * @returns {boolean} whether it holds
 */
export function holds({ value, limit }) {
  return value < limit;
}

/**
 * @param {ITable} table
 * @returns {string} its lines, the columns one below the other
 */
export function tableText({ title, columns, rows }) {
  const lines = [columns, ...rows].map(row => row.map(cellText));
  const widths = columns.map((_, i) =>
    Math.max(...lines.map(line => line[i].length))
  );
  const text = lines.map(line =>
    line
      .map((cell, i) =>
        i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])
      )
      .join('  ')
  );
  return [title, ...text.map(line => `  ${line}`)].join('\n');
}

/**
 * @param {string | number} cell
 * @returns {string} numbers with three digits
 */
export function cellText(cell) {
  if (typeof cell === 'string') {
    return cell;
  }
  return Math.abs(cell) >= 100 ? cell.toFixed(0) : cell.toPrecision(3);
}
