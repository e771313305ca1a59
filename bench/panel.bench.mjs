import { freePort, loopback } from '../scripts/lib/network.mjs';
import { median } from '../scripts/lib/bench.mjs';
import { withFolder } from '../scripts/lib/bench-bundle.mjs';
import { Failure } from '../scripts/lib/failure.mjs';
import { Lab } from '../scripts/lib/lab.mjs';
import {
  extension,
  heapMegabytes,
  launch,
  leaveOut,
  newPage,
  open
} from './panel/browser.mjs';
import { FakeGateway } from './panel/fakeGateway.mjs';
import { markStart, readMarks } from './panel/startMarks.mjs';
import { categories, readTasks } from './panel/trace.mjs';

export const description =
  'the side panel with 1,000 batches, one of 100,000 tasks, beside an empty JupyterLab';

const batchCount = 1000;
const taskCount = 100_000;
const updatesPerSecond = 200;

/** How long a person scrolls. */
const scrollMs = 10_000;

/** Between two turns of the wheel. */
const wheelMs = 50;

/** What a person notices. */
const longTaskMs = 50;

/** How often JupyterLab is started: one start says little. */
const starts = 7;

/** @typedef {import('./panel/trace.mjs').ITask} ITask */
/** @typedef {import('@playwright/test').Browser} Browser */

/**
 * @returns {Promise<import('../scripts/lib/bench.mjs').IReport>}
 */
export async function run() {
  return withFolder(async folder => {
    const port = await freePort(0);
    if (port === null) {
      throw new Failure('There is no free port: try again.');
    }
    process.env.JUPYTER_DATA_DIR = `${folder}/data`;
    process.env.JUPYTER_RUNTIME_DIR = `${folder}/runtime`;
    process.env.JUPYTER_CONFIG_DIR = `${folder}/config`;
    const token = 'bench';
    const lab = new Lab({
      port,
      token,
      folder,
      page: '/lab',
      openBrowser: false,
      args: [
        '--LabApp.expose_app_in_browser=True',
        '--LabApp.news_url=',
        `--LabApp.user_settings_dir=${folder}/settings`,
        `--LabApp.workspaces_dir=${folder}/workspaces`
      ]
    });
    try {
      await lab.ready();
      const url = `http://${loopback}:${port}/lab?token=${token}&reset`;
      const browser = await launch();
      try {
        return await measure(browser, url);
      } finally {
        await browser.close();
      }
    } finally {
      await lab.stop();
    }
  });
}

/**
 * @param {Browser} browser
 * @param {string} url
 * @returns {Promise<import('../scripts/lib/bench.mjs').IReport>}
 */
async function measure(browser, url) {
  const empty = await useEmpty(browser, url);
  const panel = await usePanel(browser, url);
  const start = await timeStarts(browser, url);
  const longOurs = longest(panel.tasks.filter(({ isOurs }) => isOurs));
  return {
    tables: [
      {
        title: `${scrollMs / 1000} s of scrolling, ${panel.updates} updates`,
        columns: ['', 'empty JupyterLab', 'with the panel'],
        rows: [
          ['heap, MB', empty.heap, panel.heap],
          ['longest task, ms', longest(empty.tasks), longest(panel.tasks)],
          ['longest with our code in it, ms', 0, longOurs],
          ['tasks over 50 ms', countLong(empty.tasks), countLong(panel.tasks)],
          [
            'of those with our code in them',
            0,
            countLong(panel.tasks.filter(({ isOurs }) => isOurs))
          ],
          ['most task rows in the page', 0, panel.rows]
        ]
      },
      {
        title: `JupyterLab's start, median of ${starts}, ms`,
        columns: ['', 'ms'],
        rows: start.parts
      }
    ],
    requirements: [
      {
        name: 'task rows in the page',
        value: panel.rows,
        limit: 150,
        unit: 'rows'
      },
      {
        name: 'longest task in which our code ran',
        value: longOurs,
        limit: longTaskMs,
        unit: 'ms'
      },
      {
        name: 'heap above an empty JupyterLab',
        value: panel.heap - empty.heap,
        limit: 150,
        unit: 'MB'
      },
      {
        name: "evaluation and activation at JupyterLab's start, median",
        value: start.ms,
        limit: 30,
        unit: 'ms'
      }
    ],
    figures: {
      updates: panel.updates,
      scrolledTo: panel.scrolledTo,
      rows: panel.rows,
      heapMegabytes: { empty: empty.heap, panel: panel.heap },
      longestTaskMs: {
        empty: longest(empty.tasks),
        panel: longest(panel.tasks),
        ours: longOurs
      },
      longTasks: {
        empty: empty.tasks.filter(isLong),
        panel: panel.tasks.filter(isLong)
      },
      startMs: start.all
    }
  };
}

/**
 * @param {Browser} browser
 * @param {string} url
 */
async function useEmpty(browser, url) {
  const page = await newPage(browser);
  await leaveOut(page);
  await open(page, url);
  await browser.startTracing(page, { categories });
  await scroll(page);
  const tasks = readTasks(await browser.stopTracing(), extension);
  const heap = await heapMegabytes(page);
  await page.context().close();
  return { tasks, heap };
}

/**
 * @param {Browser} browser
 * @param {string} url
 */
async function usePanel(browser, url) {
  const page = await newPage(browser);
  const gateway = new FakeGateway({
    batches: batchCount,
    tasks: taskCount,
    updatesPerSecond
  });
  await gateway.serve(page);
  await open(page, url);
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('globus-compute:show-panel')
  );
  const panel = page.locator('#jp-globus-compute-panel');
  const older = panel.getByRole('button', { name: 'Show older batches' });
  const newest = panel.getByRole('treeitem', { name: /^simulate-0 / });
  await newest.waitFor();
  for (let read = 200; read < batchCount; read += 200) {
    await older.click();
    await panel
      .getByText(`${(read + 200).toLocaleString('en-US')} running`)
      .waitFor();
  }
  await newest.click();
  await panel.getByRole('treeitem', { name: /^#0, simulate/ }).waitFor();
  gateway.start();
  await page.evaluate(countRows);
  await browser.startTracing(page, { categories });
  await scroll(page);
  const tasks = readTasks(await browser.stopTracing(), extension);
  gateway.stop();
  const rows = await page.evaluate(() => Number(document.body.dataset.rows));
  const scrolledTo = await panel
    .getByRole('tree')
    .evaluate(tree => tree.scrollTop);
  if (scrolledTo === 0 || rows === 0) {
    throw new Failure('The panel did not scroll: nothing was measured.');
  }
  const heap = await heapMegabytes(page);
  await page.context().close();
  return { tasks, heap, rows, scrolledTo, updates: gateway.updates };
}

/** Keep the greatest number of task rows there ever was; runs in the page. */
function countRows() {
  const tree = document.querySelector('[role="tree"].jp-GlobusCompute-tree');
  let most = 0;
  const count = () => {
    most = Math.max(
      most,
      tree?.querySelectorAll('[data-kind="task"]').length ?? 0
    );
    document.body.dataset.rows = String(most);
    requestAnimationFrame(count);
  };
  count();
}

/**
 * Turn the wheel over the left side of the window, as a person does: down,
 * and now and then a leap.
 *
 * @param {import('@playwright/test').Page} page
 */
async function scroll(page) {
  await page.mouse.move(150, 350);
  const end = Date.now() + scrollMs;
  for (let turn = 0; Date.now() < end; turn++) {
    await page.mouse.wheel(0, turn % 40 === 0 ? 20_000 : 240);
    await new Promise(resolve => setTimeout(resolve, wheelMs));
  }
}

/**
 * @param {Browser} browser
 * @param {string} url
 */
async function timeStarts(browser, url) {
  const all = [];
  /** @type {Map<string, number[]>} */
  const parts = new Map();
  for (let start = 0; start < starts; start++) {
    const page = await newPage(browser);
    await page.addInitScript(markStart, extension);
    await open(page, url);
    const marks = await page.evaluate(readMarks);
    if (!marks.some(({ name }) => name.startsWith('activate'))) {
      throw new Failure('The extension did not start: nothing was measured.');
    }
    all.push(marks.reduce((sum, { ms }) => sum + ms, 0));
    for (const { name, ms } of marks) {
      parts.set(name, [...(parts.get(name) ?? []), ms]);
    }
    await page.context().close();
  }
  return {
    all,
    ms: median(all),
    parts: [...parts].map(
      ([name, values]) =>
        /** @type {[string, number]} */ ([name, median(values)])
    )
  };
}

/**
 * @param {readonly ITask[]} tasks
 * @returns {number} ms
 */
function longest(tasks) {
  return tasks.reduce((most, { ms }) => Math.max(most, ms), 0);
}

/**
 * @param {ITask} task
 * @returns {boolean}
 */
function isLong({ ms }) {
  return ms > longTaskMs;
}

/**
 * @param {readonly ITask[]} tasks
 * @returns {number}
 */
function countLong(tasks) {
  return tasks.filter(isLong).length;
}
