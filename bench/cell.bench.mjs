import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { chromium } from '@playwright/test';

import { median } from '../scripts/lib/bench.mjs';
import { requireBrowser } from '../scripts/lib/browser.mjs';
import { Lab } from '../scripts/lib/lab.mjs';
import { freePort, loopback } from '../scripts/lib/network.mjs';
import { measureGrid, measureRun, openNotebook } from './cell/page.mjs';

export const description =
  'a %%compute cell in the browser, beside a plain cell with the same code';

const rounds = 20;
const warmUps = 3;
const gridCalls = 10_000;

/** What a %%compute cell may take longer than a plain one, in ms. */
const overheadLimitMs = 150;

/** What a person does not feel, in ms. */
const longTaskLimitMs = 50;

/** How much a grid of 10,000 calls may add to the file, in KB. */
const growthLimitKb = 200;

const code = 'def add(x):\n    return x + 1\n\nadd(41)';

/** @typedef {import('../scripts/lib/bench.mjs').IReport} IReport */

/**
 * @returns {Promise<IReport>}
 */
export async function run() {
  const home = await mkdtemp(path.join(tmpdir(), 'globus-compute-bench-'));
  for (const name of ['CONFIG', 'DATA', 'RUNTIME']) {
    process.env[`JUPYTER_${name}_DIR`] = path.join(home, name.toLowerCase());
  }
  process.env.IPYTHONDIR = path.join(home, 'ipython');
  const port = (await freePort(0)) ?? 0;
  const token = randomBytes(16).toString('hex');
  const lab = new Lab({
    port,
    token,
    folder: home,
    page: '/lab',
    openBrowser: false,
    args: ['--LabApp.expose_app_in_browser=True', '--LabApp.news_url=None']
  });
  try {
    await lab.ready();
    return await measure(`http://${loopback}:${port}`, token);
  } finally {
    await lab.stop();
    await rm(home, { recursive: true, force: true });
  }
}

/**
 * @param {string} origin
 * @param {string} token
 * @returns {Promise<IReport>}
 */
async function measure(origin, token) {
  const browser = await chromium.launch({
    executablePath: await requireBrowser(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']
  });
  try {
    const page = await browser.newPage({
      viewport: { width: 1400, height: 900 }
    });
    await page.goto(`${origin}/lab?token=${token}`);
    await openNotebook(page, 'bench.ipynb', [
      { id: 'plain', source: code },
      { id: 'compute', source: `%%compute\n${code}` },
      {
        id: 'grid',
        source: `%%compute --over x=range(${gridCalls}) -o table\ndef add(x):\n    return x + 1`
      }
    ]);
    /** @type {Record<'plain' | 'compute', number[]>} */
    const times = { plain: [], compute: [] };
    // In turns, so that what else the machine does meets both.
    for (let round = -warmUps; round < rounds; round += 1) {
      for (const id of /** @type {const} */ (['plain', 'compute'])) {
        const time = await measureRun(page, id, '42');
        if (round >= 0) {
          times[id].push(time);
        }
      }
    }
    return report(times, await measureGrid(page, 'grid'));
  } finally {
    await browser.close();
  }
}

/**
 * @param {Record<'plain' | 'compute', number[]>} times
 * @param {import('./cell/page.mjs').IGridFigures} grid
 * @returns {IReport}
 */
function report(times, grid) {
  const plain = median(times.plain);
  const compute = median(times.compute);
  const ours = Math.max(0, ...grid.ourTasksMs);
  return {
    tables: [
      {
        title: `From Shift+Enter to the value on screen, ms, median of ${rounds}`,
        columns: ['cell', 'median', 'fastest', 'slowest'],
        rows: Object.entries(times).map(([name, values]) => [
          name,
          median(values),
          Math.min(...values),
          Math.max(...values)
        ])
      },
      {
        title: `--over of ${gridCalls} calls`,
        columns: [
          'seconds',
          'longest task',
          'longest of ours, ms',
          'file grew, KB'
        ],
        rows: [
          [
            grid.seconds,
            Math.max(0, ...grid.allTasksMs),
            ours,
            grid.grownBytes / 1000
          ]
        ]
      }
    ],
    requirements: [
      {
        name: 'a %%compute cell takes longer than a plain one by',
        value: compute - plain,
        limit: overheadLimitMs,
        unit: 'ms'
      },
      {
        name: 'longest task of ours with 10,000 calls',
        value: ours,
        limit: longTaskLimitMs,
        unit: 'ms'
      },
      {
        name: 'the saved notebook grows with 10,000 calls by',
        value: grid.grownBytes / 1000,
        limit: growthLimitKb,
        unit: 'KB'
      }
    ],
    figures: { plainMs: plain, computeMs: compute, times, grid }
  };
}
