import {
  bundleForBrowser,
  namesUsedByLab,
  withFolder
} from '../scripts/lib/bench-bundle.mjs';

export const description =
  'what the SDK weighs in a browser, with all it depends on';

/** What loads at JupyterLab's start, gzipped. */
const startLimitKilobytes = 45;

/** Needed at sign-in, and not before. */
const signInPackage = 'oidc-client-ts';

/** @typedef {import('../scripts/lib/bench-bundle.mjs').IChunk} IChunk */

/**
 * @returns {Promise<import('../scripts/lib/bench.mjs').IReport>}
 */
export async function run() {
  const names = await namesUsedByLab();
  const lab = await withFolder(folder => bundleForBrowser(folder, names));
  const door = await withFolder(folder => bundleForBrowser(folder));
  const early = door.filter(
    ({ atStart, packages }) => atStart && packages.includes(signInPackage)
  );
  return {
    tables: [
      table(`JupyterLab's part of it (${names.join(', ')}), kB`, lab),
      table('All of it, kB', door)
    ],
    requirements: [
      {
        name: "loads at JupyterLab's start, axios included",
        value: startBytes(lab) / 1000,
        limit: startLimitKilobytes,
        unit: 'kB gzipped'
      },
      {
        name: `${signInPackage} loads at start`,
        value: early.length,
        limit: 1,
        unit: 'files'
      }
    ],
    figures: {
      lab: { names, chunks: lab, startGzippedBytes: startBytes(lab) },
      door: { chunks: door, startGzippedBytes: startBytes(door) }
    }
  };
}

/**
 * @param {readonly IChunk[]} chunks
 * @returns {number} gzipped bytes of what loads at the start
 */
function startBytes(chunks) {
  return chunks
    .filter(({ atStart }) => atStart)
    .reduce((sum, { gzipped }) => sum + gzipped, 0);
}

/**
 * @param {string} title
 * @param {readonly IChunk[]} chunks
 * @returns {import('../scripts/lib/bench.mjs').ITable}
 */
function table(title, chunks) {
  return {
    title,
    columns: ['file', 'loads', 'minified', 'gzipped', 'packages'],
    rows: chunks.map(({ name, atStart, minified, gzipped, packages }) => [
      name,
      atStart ? 'at start' : 'later',
      minified / 1000,
      gzipped / 1000,
      packages.join(' ')
    ])
  };
}
