/** What the benchmark of the cell does in the browser. */

/** @typedef {import('@playwright/test').Page} Page */

/**
 * What a large grid of calls costs the page.
 *
 * @typedef {object} IGridFigures
 * @property {number} seconds - from Shift+Enter to the end of the cell
 * @property {number[]} allTasksMs - scripts that ran for long, anybody's
 * @property {number[]} ourTasksMs - those that this extension started
 * @property {number} grownBytes - of the notebook's file
 */

/**
 * A script that kept the page from painting.
 *
 * @typedef {object} IBenchScript
 * @property {number} duration - in ms
 * @property {string} sourceURL
 */

/**
 * As much of a notebook's panel as is used here.
 *
 * @typedef {object} IBenchPanel
 * @property {{ path: string }} context
 * @property {{ session: { kernel: { status: string } | null } | null }} sessionContext
 * @property {{ widgets: IBenchCell[] }} content
 */

/**
 * @typedef {object} IBenchCell
 * @property {HTMLElement} node
 * @property {{ id: string, executionState: string, outputs: { length: number } }} model
 */

/**
 * The page, with JupyterLab in it and what is noted here.
 *
 * @typedef {object} IBenchWindow
 * @property {IBenchLab} jupyterapp
 * @property {boolean} benchIsReady
 * @property {IBenchScript[]} benchScripts
 */

/**
 * @typedef {object} IBenchLab
 * @property {Promise<void>} restored
 * @property {{ currentWidget: IBenchPanel | null }} shell
 * @property {{ execute: (id: string, args?: object) => Promise<void> }} commands
 * @property {{ contents: IBenchContents }} serviceManager
 */

/**
 * @typedef {object} IBenchContents
 * @property {(path: string, model: object) => Promise<void>} save
 * @property {(path: string, options: object) => Promise<{ content: object }>} get
 */

/** Where JupyterLab serves this extension's scripts. */
const ourScripts = '/extensions/jupyterlab-globus-compute/';

/** Minutes that the grid may take on a slow machine, in ms. */
const gridTimeoutMs = 240_000;

/**
 * Save a notebook, open it and wait for its kernel.
 *
 * @param {Page} page
 * @param {string} name
 * @param {readonly { id: string, source: string }[]} cells
 */
export async function openNotebook(page, name, cells) {
  await page.waitForFunction(() => 'jupyterapp' in window);
  await page.evaluate(async ([name, cells]) => {
    const app = /** @type {IBenchWindow} */ (/** @type {unknown} */ (window))
      .jupyterapp;
    await app.restored;
    await app.serviceManager.contents.save(name, {
      type: 'notebook',
      format: 'json',
      content: {
        nbformat: 4,
        nbformat_minor: 5,
        metadata: {
          kernelspec: { name: 'python3', display_name: 'Python 3' },
          language_info: { name: 'python' }
        },
        cells: cells.map(cell => ({
          ...cell,
          cell_type: 'code',
          metadata: {},
          outputs: [],
          execution_count: null
        }))
      }
    });
    await app.commands.execute('docmanager:open', { path: name });
  }, /** @type {const} */ ([name, cells]));
  await page.waitForFunction(() => {
    const panel = /** @type {IBenchWindow} */ (/** @type {unknown} */ (window))
      .jupyterapp.shell.currentWidget;
    return panel?.sessionContext.session?.kernel?.status === 'idle';
  });
}

/**
 * Press Shift+Enter in a cell.
 *
 * @param {Page} page
 * @param {string} id
 * @param {string} value - what the cell shows
 * @returns {Promise<number>} ms from the key to the value on screen
 */
export async function measureRun(page, id, value) {
  await select(page, id);
  const shown = page.evaluate(
    ([id, value]) =>
      /** @type {Promise<number>} */ (
        new Promise(resolve => {
          const panel = /** @type {IBenchWindow} */ (
            /** @type {unknown} */ (window)
          ).jupyterapp.shell.currentWidget;
          const cell = panel?.content.widgets.find(
            widget => widget.model.id === id
          );
          const find = () =>
            /** @type {HTMLElement | null} */ (
              cell?.node.querySelector('.jp-OutputArea-executeResult') ?? null
            );
          const before = find();
          document.addEventListener(
            'keydown',
            function onKey(event) {
              if (event.key !== 'Enter') {
                return;
              }
              document.removeEventListener('keydown', onKey, true);
              const look = () => {
                const result = find();
                if (
                  result &&
                  result !== before &&
                  result.innerText.includes(value)
                ) {
                  resolve(performance.now() - event.timeStamp);
                } else {
                  requestAnimationFrame(look);
                }
              };
              look();
            },
            true
          );
          /** @type {IBenchWindow} */ (
            /** @type {unknown} */ (window)
          ).benchIsReady = true;
        })
      ),
    /** @type {const} */ ([id, value])
  );
  await page.waitForFunction(
    () =>
      /** @type {IBenchWindow} */ (/** @type {unknown} */ (window)).benchIsReady
  );
  await page.evaluate(() => {
    /** @type {IBenchWindow} */ (/** @type {unknown} */ (window)).benchIsReady =
      false;
  });
  await page.keyboard.press('Shift+Enter');
  const time = await shown;
  await page.waitForFunction(() => {
    const panel = /** @type {IBenchWindow} */ (/** @type {unknown} */ (window))
      .jupyterapp.shell.currentWidget;
    return panel?.sessionContext.session?.kernel?.status === 'idle';
  });
  return time;
}

/**
 * Run a cell of many calls and watch what keeps the page from answering.
 *
 * @param {Page} page
 * @param {string} id
 * @returns {Promise<IGridFigures>}
 */
export async function measureGrid(page, id) {
  await select(page, id);
  const before = await savedBytes(page);
  await page.evaluate(() => {
    /** @type {IBenchWindow} */ (/** @type {unknown} */ (window)).benchScripts =
      [];
    new PerformanceObserver(list => {
      for (const entry of list.getEntries()) {
        for (const {
          duration,
          sourceURL
        } of /** @type {{ scripts: IBenchScript[] }} */ (
          /** @type {unknown} */ (entry)
        ).scripts) {
          /** @type {IBenchWindow} */ (
            /** @type {unknown} */ (window)
          ).benchScripts.push({
            duration,
            sourceURL
          });
        }
      }
    }).observe({ type: 'long-animation-frame' });
  });
  await requireObserver(page);
  const start = Date.now();
  await page.keyboard.press('Shift+Enter');
  await page.waitForFunction(
    id => {
      const panel = /** @type {IBenchWindow} */ (
        /** @type {unknown} */ (window)
      ).jupyterapp.shell.currentWidget;
      const cell = panel?.content.widgets.find(
        widget => widget.model.id === id
      );
      return (
        cell?.model.executionState === 'idle' && cell.model.outputs.length > 0
      );
    },
    id,
    { timeout: gridTimeoutMs }
  );
  const seconds = (Date.now() - start) / 1000;
  const scripts = /** @type {IBenchScript[]} */ (
    await page.evaluate(
      () =>
        /** @type {IBenchWindow} */ (/** @type {unknown} */ (window))
          .benchScripts
    )
  );
  return {
    seconds,
    allTasksMs: scripts.map(({ duration }) => duration),
    ourTasksMs: scripts
      .filter(({ sourceURL }) => sourceURL.includes(ourScripts))
      .map(({ duration }) => duration),
    grownBytes: (await savedBytes(page)) - before
  };
}

/**
 * Make the page busy for a moment, and wait until that was noted: of nothing
 * found it is then known that there was nothing.
 *
 * @param {Page} page
 */
async function requireObserver(page) {
  await page.evaluate(() => {
    requestAnimationFrame(() => {
      const end = performance.now() + 80;
      while (performance.now() < end) {
        // Busy.
      }
    });
  });
  await page.waitForFunction(() => {
    const { benchScripts } = /** @type {IBenchWindow} */ (
      /** @type {unknown} */ (window)
    );
    return benchScripts.splice(0).some(({ duration }) => duration >= 80);
  });
}

/**
 * @param {Page} page
 * @param {string} id
 */
async function select(page, id) {
  await page.evaluate(async id => {
    const { shell, commands } = /** @type {IBenchWindow} */ (
      /** @type {unknown} */ (window)
    ).jupyterapp;
    await commands.execute('globus-compute:go-to-cell', {
      path: shell.currentWidget?.context.path,
      cellId: id
    });
  }, id);
}

/**
 * @param {Page} page
 * @returns {Promise<number>} size of the notebook's file, once saved
 */
async function savedBytes(page) {
  return page.evaluate(async () => {
    const app = /** @type {IBenchWindow} */ (/** @type {unknown} */ (window))
      .jupyterapp;
    const path = app.shell.currentWidget?.context.path ?? '';
    await app.commands.execute('docmanager:save');
    const { content } = await app.serviceManager.contents.get(path, {
      content: true
    });
    return JSON.stringify(content).length;
  });
}
