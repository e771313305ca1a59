import { expect, test } from '@playwright/test';

import { Gate } from '../gate';
import { Lab } from '../lab';
import { NotebookPage } from '../notebook';
import { expectDone, expectLanded, submitSlow } from '../slowCell';

let gate: Gate;

test.beforeEach(() => {
  gate = new Gate();
});

test.afterEach(() => {
  gate.open();
  gate.remove();
});

test('after a restart of the kernel the value can be loaded', async ({
  page
}) => {
  const notebook = await submitSlow(page, gate, 'load.ipynb');
  await notebook.startCommand('notebook:restart-kernel');
  await page.getByRole('button', { name: 'Confirm Kernel Restart' }).click();
  gate.open();
  const cell = await notebook.cell('slow');
  await expect(cell.locator('.jp-GlobusCompute-card')).toContainText('Done');
  await notebook.waitForKernel();
  const id = await page.evaluate(async () => {
    const answer = await fetch(
      '/globus-compute/batches?limit=1&notebook=load.ipynb'
    );
    const { batches } = (await answer.json()) as { batches: { id: string }[] };
    return batches[0].id;
  });
  await notebook.startCommand('globus-compute:load-into-variable', {
    batchId: id
  });
  await page.getByRole('textbox', { name: 'Name of the variable' }).fill('y');
  await page.getByRole('button', { name: 'Load', exact: true }).click();
  await expect(page.getByText('y is now in load.ipynb')).toBeVisible();
  await notebook.command('notebook:insert-cell-below');
  const value = await page.evaluate(async () => {
    const panel = window.jupyterapp.shell.currentWidget as unknown as {
      sessionContext: {
        session: {
          kernel: {
            requestExecute: (content: unknown) => {
              done: Promise<{
                content: {
                  user_expressions: {
                    y: { data?: Record<string, string>; evalue?: string };
                  };
                };
              }>;
            };
          };
        };
      };
    };
    const future = panel.sessionContext.session.kernel.requestExecute({
      code: '',
      silent: true,
      user_expressions: { y: 'y' }
    });
    const { content } = await future.done;
    const { data, evalue } = content.user_expressions.y;
    return data?.['text/plain'] ?? evalue;
  });
  expect(value).toBe('42');
});

test('the results outlive the notebook', async ({ page }) => {
  const notebook = await submitSlow(page, gate, 'outlived.ipynb');
  gate.open();
  const cell = await notebook.cell('slow');
  await expect(cell.locator('.jp-GlobusCompute-card')).toContainText('Done');
  await notebook.command('docmanager:save');
  await page.evaluate(() =>
    window.jupyterapp.serviceManager.contents.delete('outlived.ipynb')
  );
  await page.reload();
  // Playwright retries while it is false, but not when it throws.
  await page.waitForFunction(() => 'jupyterapp' in window);
  await page.evaluate(() => window.jupyterapp.restored.then(() => null));
  await notebook.command('globus-compute:show-panel');
  const row = page
    .locator('.jp-GlobusCompute-panel')
    .getByRole('treeitem')
    .filter({ hasText: 'outlived.ipynb' });
  await expect(row).toBeVisible();
  await expect(row).toContainText('slow');
});

test('results come though the events are cut off', async ({ page }) => {
  const sockets: (() => Promise<void>)[] = [];
  let isCut = false;
  await page.routeWebSocket(/globus-compute\/events/, socket => {
    if (isCut) {
      void socket.close();
      return;
    }
    socket.connectToServer();
    sockets.push(() => socket.close());
  });
  const notebook = await submitSlow(page, gate, 'cut.ipynb');
  expect(sockets.length).toBeGreaterThan(0);
  isCut = true;
  await Promise.all(sockets.splice(0).map(close => close()));
  gate.open();
  const cell = await notebook.cell('slow');
  await expect(cell.locator('.jp-OutputArea')).toContainText('after 42');
  // They are heard again as soon as that is possible.
  isCut = false;
  await expect.poll(() => sockets.length).toBeGreaterThan(0);
  await notebook.runCell('slow');
  await expect(cell.locator('.jp-OutputArea')).toContainText('after 42');
});

test('a server behind a hub that was killed finds its results again', async ({
  browser
}) => {
  test.setTimeout(180_000);
  const lab = await Lab.start({ baseUrl: '/user/ada/' });
  try {
    const context = await browser.newContext({
      baseURL: `http://127.0.0.1:${lab.port}`,
      storageState: undefined
    });
    const page = await context.newPage();
    await submitSlow(page, gate, 'killed.ipynb', lab.url('lab'));
    await lab.kill();
    await page.close();
    gate.open();
    await lab.run();
    const again = await context.newPage();
    await again.goto(lab.url('lab'));
    await expectDone(again, 'killed.ipynb', lab.baseUrl);
    const notebook = await NotebookPage.reopen(
      again,
      'killed.ipynb',
      lab.url('lab')
    );
    await expectLanded(notebook);
    await context.close();
  } finally {
    await lab.remove();
  }
});
