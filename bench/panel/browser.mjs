/** JupyterLab in a real Chromium, with this extension or without. */
import { chromium } from '@playwright/test';

import { requireBrowser } from '../../scripts/lib/browser.mjs';

/** Name of the extension, in JupyterLab's list and in the addresses of its files. */
export const extension = 'jupyterlab-globus-compute';

/**
 * @returns {Promise<import('@playwright/test').Browser>}
 */
export async function launch() {
  return chromium.launch({
    executablePath: await requireBrowser(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']
  });
}

/**
 * @param {import('@playwright/test').Browser} browser
 * @returns {Promise<import('@playwright/test').Page>} empty
 */
export async function newPage(browser) {
  const context = await browser.newContext({
    viewport: { width: 1400, height: 900 }
  });
  return context.newPage();
}

/**
 * What the server tells JupyterLab in its page.
 *
 * @typedef {object} IPageConfig
 * @property {{ name: string }[]} federated_extensions
 * @property {string[]} disabledExtensions
 */

/**
 * Have the server's page of JupyterLab name all extensions but this one.
 *
 * @param {import('@playwright/test').Page} page
 */
export async function leaveOut(page) {
  await page.route(/\/lab(\?|$)/, async route => {
    const response = await route.fetch();
    const text = await response.text();
    await route.fulfill({
      response,
      body: text.replace(
        /(<script id="jupyter-config-data"[^>]*>)([^]*?)(<\/script>)/,
        (
          /** @type {string} */ _,
          /** @type {string} */ open,
          /** @type {string} */ json,
          /** @type {string} */ close
        ) => {
          /** @type {unknown} */
          const given = JSON.parse(json);
          const config = /** @type {IPageConfig} */ (given);
          config.federated_extensions = config.federated_extensions.filter(
            ({ name }) => name !== extension
          );
          // What this extension stands in for is there again.
          config.disabledExtensions = [];
          return open + JSON.stringify(config) + close;
        }
      )
    });
  });
}

/**
 * @param {import('@playwright/test').Page} page
 * @param {string} url - of JupyterLab, with its token
 */
export async function open(page, url) {
  await page.goto(url);
  await page.waitForFunction(() => 'jupyterapp' in window);
  await page.evaluate(async () => {
    await window.jupyterapp.restored;
  });
}

/**
 * @param {import('@playwright/test').Page} page
 * @returns {Promise<number>} MB in use once all that can go is gone
 */
export async function heapMegabytes(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1e6;
}
