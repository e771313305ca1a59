import { expect, test } from '@playwright/test';

import { takePicture } from '../look';
import { NotebookPage, notebookOf } from '../notebook';

test('the magic line is completed, checked and explained', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'magic-line.ipynb',
    notebookOf([{ id: 'cell', source: '%%compute \n1 + 1' }])
  );
  const cell = await notebook.cell('cell');
  await expect(
    cell.getByRole('button', { name: 'Endpoint: This computer' })
  ).toBeVisible();
  const line = cell.locator('.cm-line').first();

  await line.click();
  await page.keyboard.press('End');
  await page.keyboard.type('--endp');
  await page.keyboard.press('Tab');
  const completer = page.locator('.jp-Completer');
  await expect(completer).toContainText('-e/--endpoint NAME');
  await page.keyboard.press('Enter');
  await expect(line).toHaveText('%%compute --endpoint ');
  await page.keyboard.press('Tab');
  await expect(completer).toContainText('This computer');
  await page.keyboard.press('Enter');
  await expect(line).toHaveText('%%compute --endpoint "This computer"');

  await page.keyboard.type(' --no-');
  await page.keyboard.press('Tab');
  await expect(completer.getByText('--no-wait')).toBeVisible();
  await expect(completer.getByText('--no-capture')).toBeVisible();
  await takePicture(page, 'magic-line-completion');
  await page.keyboard.press('Escape');

  const mistake = line.locator('.jp-GlobusCompute-mistake');
  await expect(mistake).toHaveText('--no-');
  await mistake.hover();
  await expect(page.locator('.jp-GlobusCompute-magicHelp')).toContainText(
    '%%compute has no option --no-'
  );
  await takePicture(page, 'magic-line-mistake');
});
