import type { Page } from '@playwright/test';
import { expect, test } from '@playwright/test';

import { Gate } from '../gate';
import { takePicture } from '../look';
import { NotebookPage, notebookOf, textOf } from '../notebook';
import { expectDone, expectLanded, submitSlow } from '../slowCell';

let gate: Gate;

test.beforeEach(() => {
  gate = new Gate();
});

test.afterEach(() => {
  gate.open();
  gate.remove();
});

/** Rename a file, as JupyterLab's file browser does. */
async function rename(page: Page, from: string, to: string): Promise<void> {
  await page.evaluate(
    async ([from, to]) => {
      await window.jupyterapp.serviceManager.contents.rename(from, to);
    },
    [from, to] as const
  );
}

test('a result that came while the tab was closed is in its cell', async ({
  page,
  context
}) => {
  await submitSlow(page, gate, 'late.ipynb');
  await page.close();
  gate.open();
  const again = await context.newPage();
  await expectDone(again, 'late.ipynb');
  const notebook = await NotebookPage.reopen(again, 'late.ipynb');
  await expectLanded(notebook);
  await takePicture(again, 'late');

  // Once is enough: what is there is not added again.
  await again.close();
  const third = await context.newPage();
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
  const again = await context.newPage();
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
  await submitSlow(page, gate, 'moved.ipynb');
  await page.close();
  const again = await context.newPage();
  const notebook = await NotebookPage.reopen(again, 'moved.ipynb');
  await notebook.select('slow');
  await notebook.command('notebook:move-cell-down');
  gate.open();
  await expectLanded(notebook);
  expect(await notebook.savedOutputs('after')).toEqual([]);
  await again.close();
});

test('a result lands though its notebook was renamed', async ({
  page,
  context
}) => {
  await submitSlow(page, gate, 'before.ipynb');
  // Of another name at each try: a file that is there is not overwritten.
  const renamed = `renamed-${Date.now()}.ipynb`;
  // Once while it is open, and once while it is not.
  await rename(page, 'before.ipynb', 'between.ipynb');
  await page.close();
  const again = await context.newPage();
  await NotebookPage.open(again, 'another.ipynb', notebookOf([]));
  await rename(again, 'between.ipynb', renamed);
  gate.open();
  await expectDone(again, renamed);
  const notebook = await NotebookPage.reopen(again, renamed);
  await expectLanded(notebook);
  await again.close();
});

test('of two browsers one writes', async ({ page, context }) => {
  await submitSlow(page, gate, 'two.ipynb');
  await page.close();
  const one = await context.newPage();
  const first = await NotebookPage.reopen(one, 'two.ipynb');
  const two = await context.newPage();
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
