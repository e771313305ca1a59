import { expect, test } from '@playwright/test';

import { takePicture } from '../look';
import { exampleNotebook, textOf } from '../notebook';
import { APPLICATION, noteErrors, openNotebook } from './application';

test(`the hello notebook in ${APPLICATION}, from the wheel`, async ({
  page
}) => {
  const errors = noteErrors(page);
  const notebook = await openNotebook(
    page,
    'hello.ipynb',
    exampleNotebook('hello.ipynb')
  );

  await test.step('the panel is reached from the View menu', async () => {
    await page.getByRole('menuitem', { name: 'View', exact: true }).click();
    await page.getByText('Show Globus Compute', { exact: true }).click();
    await expect(page.locator('#jp-globus-compute-panel')).toBeVisible();
  });

  await notebook.runAll();

  await test.step('bar, card and value of each cell', async () => {
    for (const [id, value] of [
      ['platform', /^'Linux|^'macOS|^'Windows/],
      ['hello', "'Hello Bob Smith'"],
      ['batch', '[0, 2, 4, 6, 8]'],
      ['body', '1.0']
    ] as const) {
      await notebook.select(id);
      const cell = await notebook.cell(id);
      const outputs = cell.locator('.jp-OutputArea-output');
      await expect(
        outputs.first().locator('.jp-GlobusCompute-card')
      ).toHaveCount(1);
      await expect(outputs.last()).toHaveText(value);
      await expect(cell.locator('.jp-GlobusCompute-cellBar')).toContainText(
        'Done'
      );
    }
    await expect((await notebook.cell('body')).locator('img')).toHaveCount(1);
    await takePicture(page, `package-${APPLICATION}-body`);
  });

  await test.step('plain cells used the values', async () => {
    for (const [id, text] of Object.entries({
      'platform-use': /The function ran on (Linux|macOS|Windows)/,
      'hello-use': "'HELLO BOB SMITH'",
      'batch-use': '20',
      'body-use': '1.0'
    })) {
      await notebook.select(id);
      await expect(
        (await notebook.cell(id)).locator('.jp-OutputArea-output')
      ).toHaveText(text);
    }
  });

  await test.step('the error says where, and stops the run', async () => {
    await notebook.select('error');
    const card = (await notebook.cell('error')).locator(
      '.jp-GlobusCompute-card'
    );
    await expect(card).toContainText('ZeroDivisionError: division by zero');
    await expect(card).toContainText('line 4, in divide');
    const after = await notebook.cell('error-after');
    await expect(after.locator('.jp-OutputArea-output')).toHaveCount(0);
    await takePicture(page, `package-${APPLICATION}-error`);
  });

  await test.step('the file has it all', async () => {
    const saved = await notebook.savedOutputs('batch');
    expect(saved.map(textOf).at(-1)).toBe('[0, 2, 4, 6, 8]');
  });

  await test.step('the panel lists the batches, and leads to the cell', async () => {
    const panel = page.locator('#jp-globus-compute-panel');
    const batch = panel.getByTitle('double × 5', { exact: true }).first();
    await batch.click();
    const pages = page.context().pages().length;
    await panel.getByRole('button', { name: 'Go to cell' }).first().click();
    const active = page.locator('.jp-Notebook .jp-mod-active');
    await expect(active).toContainText('def double(x)');
    expect(page.context().pages()).toHaveLength(pages);
    await takePicture(page, `package-${APPLICATION}-panel`);
  });

  expect(errors).toEqual([]);
});

test(`the first page of ${APPLICATION} has the panel`, async ({ page }) => {
  const errors = noteErrors(page);
  await page.goto(APPLICATION === 'lab' ? '/lab?reset' : '/tree');
  await page.waitForFunction(() => 'jupyterapp' in window);
  await page.evaluate(() => window.jupyterapp.restored.then(() => null));
  await page.getByRole('menuitem', { name: 'View', exact: true }).click();
  await page.getByText('Show Globus Compute', { exact: true }).click();
  const panel = page.locator('#jp-globus-compute-panel');
  await expect(panel.getByTitle('double × 5').first()).toBeVisible();
  await takePicture(page, `package-${APPLICATION}-first-page`);
  expect(errors).toEqual([]);
});
