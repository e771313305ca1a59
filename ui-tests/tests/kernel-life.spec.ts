import type { Page } from '@playwright/test';
import { expect, test } from '@playwright/test';

import { Gate } from '../gate';
import { NotebookPage, notebookOf, textOf } from '../notebook';
import { Submits } from '../submits';

let gate: Gate;

test.beforeEach(() => {
  gate = new Gate();
});

test.afterEach(() => {
  gate.open();
  gate.remove();
});

/** A notebook whose first cell waits at the gate. */
async function openWaiting(page: Page, name: string): Promise<NotebookPage> {
  const notebook = await NotebookPage.open(
    page,
    name,
    notebookOf([
      {
        id: 'slow',
        source: `%%compute\ndef slow(x):\n${gate.wait}\n    return x + 1\n\ny = slow(41)\ny`
      },
      { id: 'after', source: '"after"' }
    ])
  );
  await notebook.startCell('slow');
  const slow = await notebook.cell('slow');
  await expect(
    slow.getByRole('button', { name: 'Stop waiting' })
  ).toBeVisible();
  return notebook;
}

test('restarting the kernel ends the waiting, and the card goes on', async ({
  page
}) => {
  const submits = new Submits(page);
  const notebook = await openWaiting(page, 'restart.ipynb');
  await notebook.startCommand('notebook:restart-kernel');
  await page.getByRole('button', { name: 'Confirm Kernel Restart' }).click();
  const slow = await notebook.cell('slow');
  const card = slow.locator('.jp-GlobusCompute-card');
  await expect(card).toContainText('The kernel was restarted');
  await expect(
    slow.getByRole('button', { name: 'Run', exact: true })
  ).toBeVisible();
  gate.open();
  await expect(slow.locator('.jp-GlobusCompute-cellBar')).toContainText('Done');
  await notebook.waitForKernel();
  await notebook.runCell('after');
  expect((await notebook.savedOutputs('after')).map(textOf)).toEqual([
    "'after'"
  ]);
  // The same cell runs in the new kernel, which has to get the bridge first.
  await notebook.runCell('slow');
  expect((await notebook.savedOutputs('slow')).map(textOf).at(-1)).toBe('42');
  expect(submits.count).toBe(2);
});

test('a cell that is moved while it waits gets its results', async ({
  page
}) => {
  const submits = new Submits(page);
  const notebook = await openWaiting(page, 'moved.ipynb');
  await notebook.select('slow');
  await notebook.command('notebook:move-cell-down');
  gate.open();
  const slow = await notebook.cell('slow');
  await expect(slow.locator('.jp-OutputArea-output').last()).toHaveText('42');
  await expect(slow.locator('.jp-GlobusCompute-cellBar')).toContainText('Done');
  const outputs = await notebook.savedOutputs('slow');
  expect(outputs.map(textOf).at(-1)).toBe('42');
  expect(outputs).toHaveLength(2);
  expect(submits.count).toBe(1);
});

test('a cell that is deleted while it waits holds nothing up', async ({
  page
}) => {
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(error.message));
  const submits = new Submits(page);
  const notebook = await openWaiting(page, 'deleted.ipynb');
  await notebook.startCell('after');
  await notebook.select('slow');
  await notebook.command('notebook:delete-cell');
  const after = await notebook.cell('after');
  await expect(after).toContainText('Waits for the cell above');
  gate.open();
  await expect(after.locator('.jp-OutputArea-output')).toHaveText("'after'");
  expect(errors).toEqual([]);
  expect(submits.count).toBe(1);
});

test('a card follows its batch when the notebook is opened again', async ({
  page
}) => {
  const submits = new Submits(page);
  const notebook = await openWaiting(page, 'closed.ipynb');
  await notebook.command('docmanager:save');
  await notebook.command('application:close');
  gate.open();
  await notebook.command('docmanager:open', { path: 'closed.ipynb' });
  await notebook.waitForKernel();
  const card = (await notebook.cell('slow')).locator('.jp-GlobusCompute-card');
  await expect(card.getByRole('img', { name: 'Done' })).toBeVisible();
  expect(submits.count).toBe(1);
});
