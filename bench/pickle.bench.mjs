import { execFileSync } from 'node:child_process';
import path from 'node:path';

import { bundleForNode, withFolder } from '../scripts/lib/bench-bundle.mjs';
import { median } from '../scripts/lib/bench.mjs';
import { inRoot, venvCommand } from '../scripts/lib/paths.mjs';

export const description =
  "the pickle reader and writer beside CPython's pickle and npm pickleparser";

/** Every implementation in turn, so that a busy minute hits all of them. */
const rounds = 3;

/** Measured runs of each in each round. */
const repeats = 9;

/** Runs measured as one, where one is over in less than a microsecond. */
const bytesBatch = 4000;

/** What reading and writing may take, in times of CPython. */
const limits = { integers: 3, floats: 3, strings: 4, dicts: 3 };

const verbs = { read: 'reading', write: 'writing' };

const titles = {
  integers: 'a million integers',
  floats: 'a million floats',
  strings: '100,000 strings',
  dicts: '100,000 dicts',
  bytes: '64 MiB of bytes'
};

/** @typedef {keyof typeof titles} Case */

/** @typedef {'sdk' | 'cpython' | 'pickleparser'} Peer */

/**
 * @typedef {object} ITimes
 * @property {number[]} read - in milliseconds
 * @property {number[]} write - in milliseconds; none where it cannot write
 * @property {boolean} [isView] - whether bytes are a view on the pickle
 */

/**
 * @typedef {object} ICaseFigures
 * @property {Record<Peer, number>} read - medians, in milliseconds
 * @property {Record<Peer, number>} write - medians, in milliseconds
 * @property {boolean} isView
 */

const peers = /** @type {const} */ (['sdk', 'cpython', 'pickleparser']);

/**
 * @returns {Promise<import('../scripts/lib/bench.mjs').IReport>}
 */
export function run() {
  return withFolder(async folder => {
    const module = await bundleForNode(folder);
    python('write', folder);
    const cases = /** @type {Case[]} */ (Object.keys(titles));
    const figures = /** @type {Record<Case, ICaseFigures>} */ (
      Object.fromEntries(
        cases.map(name => [
          name,
          measure(
            module,
            path.join(folder, `${name}.pickle`),
            name === 'bytes' ? bytesBatch : 1
          )
        ])
      )
    );
    return {
      tables: [
        table('Reading', 'read', figures),
        table('Writing', 'write', figures)
      ],
      requirements: requirements(figures),
      figures
    };
  });
}

/**
 * @param {string} module
 * @param {string} file
 * @param {number} batch
 * @returns {ICaseFigures}
 */
function measure(module, file, batch) {
  const script = inRoot('bench', 'pickle', 'node.mjs');
  const rest = [file, String(repeats), String(batch)];
  /** @type {Record<Peer, ITimes[]>} */
  const measured = { sdk: [], cpython: [], pickleparser: [] };
  for (let round = 0; round < rounds; round++) {
    measured.sdk.push(runNode([script, 'sdk', module, ...rest]));
    measured.cpython.push(runPython('time', file, String(repeats)));
    measured.pickleparser.push(runNode([script, 'pickleparser', '-', ...rest]));
  }
  return {
    read: medians(measured, 'read'),
    write: medians(measured, 'write'),
    isView: measured.sdk.every(({ isView }) => isView === true)
  };
}

/**
 * @param {Record<Peer, ITimes[]>} measured
 * @param {'read' | 'write'} direction
 * @returns {Record<Peer, number>}
 */
function medians(measured, direction) {
  const medianOf = (/** @type {Peer} */ peer) => {
    const times = measured[peer].flatMap(one => one[direction]);
    return times.length > 0 ? median(times) : NaN;
  };
  return {
    sdk: medianOf('sdk'),
    cpython: medianOf('cpython'),
    pickleparser: medianOf('pickleparser')
  };
}

/**
 * @param {string} title
 * @param {'read' | 'write'} direction
 * @param {Record<Case, ICaseFigures>} figures
 * @returns {import('../scripts/lib/bench.mjs').ITable}
 */
function table(title, direction, figures) {
  return {
    title: `${title}, median of ${rounds * repeats} runs in ms`,
    columns: [
      '',
      'this SDK',
      'CPython',
      'pickleparser',
      'to CPython',
      'to pickleparser'
    ],
    rows: Object.entries(figures).map(([name, { [direction]: times }]) => [
      titles[/** @type {Case} */ (name)],
      ...peers.map(peer => cell(times[peer])),
      cell(times.sdk / times.cpython),
      cell(times.sdk / times.pickleparser)
    ])
  };
}

/**
 * @param {number} value
 * @returns {string | number}
 */
function cell(value) {
  return Number.isNaN(value) ? '-' : value;
}

/**
 * @param {Record<Case, ICaseFigures>} figures
 * @returns {import('../scripts/lib/bench.mjs').IRequirement[]}
 */
function requirements(figures) {
  const beside = Object.entries(figures).map(([name, { read }]) => ({
    name: `reading ${titles[/** @type {Case} */ (name)]}`,
    value: read.sdk / read.pickleparser,
    limit: 1,
    unit: 'times pickleparser'
  }));
  const directions = /** @type {const} */ (['read', 'write']);
  const besidePython = Object.entries(limits).flatMap(([name, limit]) =>
    directions.map(direction => {
      const times = figures[/** @type {Case} */ (name)][direction];
      return {
        name: `${verbs[direction]} ${titles[/** @type {Case} */ (name)]}`,
        value: times.sdk / times.cpython,
        limit,
        unit: 'times CPython'
      };
    })
  );
  return [
    ...beside,
    ...besidePython,
    {
      name: 'copies of 64 MiB of bytes',
      value: figures.bytes.isView ? 0 : 1,
      limit: 1,
      unit: 'copies'
    }
  ];
}

/**
 * @param {readonly string[]} args
 * @returns {ITimes}
 */
function runNode(args) {
  return timesOf(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

/**
 * @param {readonly string[]} args
 * @returns {ITimes}
 */
function runPython(...args) {
  return timesOf(python(...args));
}

/**
 * @param {readonly string[]} args
 * @returns {string} what it prints
 */
function python(...args) {
  const script = inRoot('bench', 'pickle', 'cpython.py');
  return execFileSync(venvCommand('python'), [script, ...args], {
    encoding: 'utf8'
  });
}

/**
 * @param {string} output
 * @returns {ITimes}
 */
function timesOf(output) {
  /** @type {unknown} */
  const times = JSON.parse(output);
  return /** @type {ITimes} */ (times);
}
