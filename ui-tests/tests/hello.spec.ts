import { expect, test } from '@playwright/test';

import { setTheme, takePicture } from '../look';
import { exampleNotebook, NotebookPage, textOf } from '../notebook';

test('Run All on the hello notebook', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'hello.ipynb',
    exampleNotebook('hello.ipynb')
  );
  await notebook.command('globus-compute:show-panel');
  await notebook.runAll();

  await test.step('values in order, in cells and cards', async () => {
    for (const [id, value] of [
      ['platform', /^'Linux|^'macOS|^'Windows/],
      ['hello', "'Hello Bob Smith'"],
      ['batch', '[0, 2, 4, 6, 8]'],
      ['body', '1.0']
    ] as const) {
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
    const body = await notebook.cell('body');
    await expect(body.locator('img')).toHaveCount(1);
    await expect(body).toContainText('points: 200');
  });

  await test.step('variables used by later plain cells', async () => {
    const texts = {
      'platform-use': /The function ran on (Linux|macOS|Windows)/,
      'hello-use': "'HELLO BOB SMITH'",
      'batch-use': '20',
      'body-use': '1.0'
    };
    for (const [id, text] of Object.entries(texts)) {
      await expect(
        (await notebook.cell(id)).locator('.jp-OutputArea-output')
      ).toHaveText(text);
    }
  });

  await test.step('the raising cell shows where, and stops the run', async () => {
    const cell = await notebook.cell('error');
    const card = cell.locator('.jp-GlobusCompute-card');
    await expect(card).toContainText('ZeroDivisionError: division by zero');
    await expect(card).toContainText('line 4, in divide');
    await expect(card).toContainText('return a / b');
    await card.getByRole('button', { name: 'Show traceback' }).click();
    await expect(card).toContainText('Traceback (most recent call last)');
    await expect(cell).toContainText('dividing 1 by 0');
    const after = await notebook.cell('error-after');
    await expect(after.locator('.jp-OutputArea-output')).toHaveCount(0);
  });

  await test.step('the saved file tells it all', async () => {
    const saved = async (id: string): Promise<string[]> =>
      (await notebook.savedOutputs(id)).map(textOf);
    expect((await saved('batch')).at(-1)).toBe('[0, 2, 4, 6, 8]');
    expect((await saved('hello')).at(-1)).toBe("'Hello Bob Smith'");
    expect((await saved('batch-use')).at(-1)).toBe('20');
    const [card, ...others] = await notebook.savedOutputs('error');
    expect(textOf(card)).toContain('ZeroDivisionError: division by zero');
    expect(String(card.data?.['text/html'])).toContain('return a / b');
    expect(others.map(textOf)).toEqual(['dividing 1 by 0\n']);
    expect(await saved('error-after')).toEqual([]);
  });

  await test.step('the panel lists the batches', async () => {
    const panel = page.locator('#jp-globus-compute-panel');
    for (const title of [
      'divide',
      'cell',
      'double × 5',
      'hello',
      'platform_func'
    ]) {
      await expect(
        panel.getByRole('tree').getByTitle(title, { exact: true }).first()
      ).toBeVisible();
    }
    await panel.getByTitle('double × 5', { exact: true }).first().click();
    await panel.getByRole('button', { name: 'Go to cell' }).first().click();
    const active = page.locator('.jp-Notebook .jp-mod-active');
    await expect(active).toContainText('def double(x)');
    await expect(active).toBeInViewport();
  });

  await test.step('pictures', async () => {
    const sizes = {
      wide: { width: 1400, height: 900 },
      narrow: { width: 900, height: 900 }
    };
    for (const theme of ['light', 'dark'] as const) {
      await setTheme(page, theme);
      for (const [size, viewport] of Object.entries(sizes)) {
        await page.setViewportSize(viewport);
        for (const id of ['platform', 'batch', 'body', 'error']) {
          await notebook.select(id);
          await takePicture(page, `hello-${id}-${theme}-${size}`);
        }
      }
    }
  });
});
