import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from '@playwright/test';

import { Gate } from '../gate';
import { Lab } from '../lab';
import { takePicture } from '../look';
import type { ISavedOutput } from '../notebook';
import { NotebookPage, notebookOf, textOf } from '../notebook';

let gate: Gate;

test.beforeEach(() => {
  gate = new Gate();
});

test.afterEach(() => {
  gate.open();
  gate.remove();
});

/** The text of a cell that waits at the gate, prints and returns 42. */
const slow = (): string =>
  `%%compute\ndef slow(x):\n${gate.wait}\n    print("from there")\n    return x + 1\n\ny = slow(41)\nprint("after", y)`;

/** Submit the slow cell of a new notebook and save it while it waits. */
async function submitSlow(
  page: Page,
  name: string,
  url?: string
): Promise<NotebookPage> {
  const cells = [
    { id: 'slow', source: slow() },
    { id: 'after', source: '"after"' }
  ];
  const notebook = await NotebookPage.open(page, name, notebookOf(cells), url);
  await notebook.startCell('slow');
  const cell = await notebook.cell('slow');
  await expect(
    cell.getByRole('button', { name: 'Stop waiting' })
  ).toBeVisible();
  await expect(cell.locator('.jp-GlobusCompute-card')).toBeVisible();
  await notebook.command('docmanager:save');
  return notebook;
}

/** Wait until the vault says that the newest batch of a notebook is done. */
async function expectDone(
  page: Page,
  name: string,
  baseUrl = '/'
): Promise<void> {
  await expect
    .poll(
      async () => {
        const path = `${baseUrl}globus-compute/batches?limit=1&notebook=${encodeURIComponent(name)}`;
        const answer = await page.request.get(path);
        const { batches } = (await answer.json()) as {
          batches: { state: string }[];
        };
        return batches.at(0)?.state;
      },
      { message: 'state of the batch in the vault' }
    )
    .toBe('done');
}

/**
 * What the slow cell shows once its late results have landed. A page that
 * died keeps its claim on them for half a minute.
 */
async function expectLanded(notebook: NotebookPage): Promise<void> {
  const cell = await notebook.cell('slow');
  await expect(cell.locator('.jp-OutputArea')).toContainText('from there', {
    timeout: 50_000
  });
  await expect(cell.locator('.jp-OutputArea')).toContainText('42');
  const outputs = await notebook.savedOutputs('slow');
  expect(textsBelowCard(outputs)).toEqual(['from there\n', '42']);
  const card = cell.locator('.jp-GlobusCompute-card');
  await expect(card).toContainText('These results came after');
}

function textsBelowCard([card, ...others]: ISavedOutput[]): string[] {
  expect(card.data).toHaveProperty([
    'application/vnd.globus-compute.batch+json'
  ]);
  return others.map(textOf);
}

async function newPage(context: BrowserContext): Promise<Page> {
  return context.newPage();
}

test('a result that came while the tab was closed is in its cell', async ({
  page,
  context
}) => {
  await submitSlow(page, 'late.ipynb');
  await page.close();
  gate.open();
  const again = await newPage(context);
  await expectDone(again, 'late.ipynb');
  const notebook = await NotebookPage.reopen(again, 'late.ipynb');
  await expectLanded(notebook);
  await takePicture(again, 'late');

  // Once is enough: what is there is not added again.
  await again.close();
  const third = await newPage(context);
  const last = await NotebookPage.reopen(third, 'late.ipynb');
  await expectLanded(last);
  await third.close();
});

test('of several results that came meanwhile each is in the saved file', async ({
  page,
  context
}) => {
  const ids = ['one', 'two', 'three'];
  const cells = ids.map(id => ({
    id,
    source: `%%compute --no-wait\ndef ${id}():\n${gate.wait}\n    print("from ${id}")\n    return 1\n\n${id}()`
  }));
  const notebook = await NotebookPage.open(
    page,
    'several.ipynb',
    notebookOf(cells)
  );
  await notebook.startCommand('notebook:run-all-cells');
  for (const id of ids) {
    const cell = await notebook.cell(id);
    await expect(cell.locator('.jp-GlobusCompute-card')).toContainText(
      /waited|Running|Waiting/i
    );
  }
  await notebook.command('docmanager:save');
  await page.close();
  gate.open();
  const again = await newPage(context);
  // The first save is under way until all have come.
  let release = (): void => undefined;
  const allShown = new Promise<void>(resolve => {
    release = resolve;
  });
  await again.route('**/api/contents/several.ipynb**', async route => {
    if (route.request().method() === 'PUT') {
      await allShown;
    }
    await route.continue();
  });
  const reopened = await NotebookPage.reopen(again, 'several.ipynb');
  for (const id of ids) {
    await expect(
      (await reopened.cell(id)).locator('.jp-OutputArea')
    ).toContainText(`from ${id}`, { timeout: 50_000 });
  }
  release();
  // By the page itself: nobody presses save.
  await expect
    .poll(async () => {
      const cells = ids.map(id => reopened.outputsInFile(id));
      return (await Promise.all(cells)).map(outputs => outputs.map(textOf)[1]);
    })
    .toEqual(ids.map(id => `from ${id}\n`));
  await again.close();
});

test('a result lands in its cell though the cells were moved', async ({
  page,
  context
}) => {
  await submitSlow(page, 'moved.ipynb');
  await page.close();
  const again = await newPage(context);
  const notebook = await NotebookPage.reopen(again, 'moved.ipynb');
  await notebook.select('slow');
  await notebook.command('notebook:move-cell-down');
  gate.open();
  await expectLanded(notebook);
  expect(await notebook.savedOutputs('after')).toEqual([]);
  await again.close();
});

test('of two browsers one writes', async ({ page, context }) => {
  await submitSlow(page, 'two.ipynb');
  await page.close();
  const one = await newPage(context);
  const first = await NotebookPage.reopen(one, 'two.ipynb');
  const two = await newPage(context);
  // Of two pages with one workspace JupyterLab would send one elsewhere.
  const second = await NotebookPage.reopen(
    two,
    'two.ipynb',
    '/lab/workspaces/two?reset'
  );
  const notebooks = [first, second];
  gate.open();
  const written = async (notebook: NotebookPage): Promise<number> => {
    const cell = await notebook.cell('slow');
    return cell
      .locator('.jp-OutputArea-output', { hasText: 'from there' })
      .count();
  };
  await expect
    .poll(async () => (await Promise.all(notebooks.map(written))).sort())
    .toEqual([0, 1]);
  // Both cards know that the batch has ended.
  for (const notebook of notebooks) {
    const cell = await notebook.cell('slow');
    await expect(cell.locator('.jp-GlobusCompute-card')).toContainText('Done');
  }
  await Promise.all([one.close(), two.close()]);
});

test('after a restart of the kernel the value can be loaded', async ({
  page
}) => {
  const notebook = await submitSlow(page, 'load.ipynb');
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
  const notebook = await submitSlow(page, 'outlived.ipynb');
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
  const notebook = await submitSlow(page, 'cut.ipynb');
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
    await submitSlow(page, 'killed.ipynb', lab.url('lab'));
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
