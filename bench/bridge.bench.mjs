import { execFileSync } from 'node:child_process';

import { inRoot, venvCommand } from '../scripts/lib/paths.mjs';

export const description =
  "what the kernel's part of 10,000 calls takes, and of 64 MiB of results";

/** What preparing and delivering may take. */
const limitSeconds = 0.5;

/**
 * @typedef {object} IFigures - all in seconds, medians
 * @property {number} prepare - 10,000 calls, from the cell's start
 * @property {number} deliver - their results, from the first byte
 * @property {number} deliverBesideList - with a list of 2 million mentioned
 * @property {number} deliver64MiB - in 64 tasks
 */

/**
 * @returns {Promise<import('../scripts/lib/bench.mjs').IReport>}
 */
export function run() {
  const text = execFileSync(
    venvCommand('python'),
    [inRoot('bench', 'cell', 'bridge.py')],
    { cwd: inRoot(), encoding: 'utf8' }
  );
  /** @type {unknown} */
  const answer = JSON.parse(text);
  const figures = /** @type {IFigures} */ (answer);
  return Promise.resolve({
    tables: [
      {
        title: 'The bridge in the kernel',
        columns: ['what', 'seconds'],
        rows: [
          ['10,000 calls prepared', figures.prepare],
          ['10,000 results delivered', figures.deliver],
          ['... beside a list of 2 million', figures.deliverBesideList],
          ['64 MiB in 64 results delivered', figures.deliver64MiB]
        ]
      }
    ],
    requirements: [
      {
        name: 'preparing 10,000 calls',
        value: figures.prepare,
        limit: limitSeconds,
        unit: 's'
      },
      {
        name: 'delivering 10,000 results',
        value: figures.deliver,
        limit: limitSeconds,
        unit: 's'
      },
      {
        name: 'delivering them beside a list of 2 million',
        value: figures.deliverBesideList,
        limit: limitSeconds,
        unit: 's'
      }
    ],
    figures: { ...figures }
  });
}
