import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';

import { setTheme, takePicture } from '../look';
import { NotebookPage, notebookOf } from '../notebook';

const CELLS = {
  good: '%%compute\ndef double(x):\n    return 2 * x\n\n[double(x) for x in range(3)]',
  bad: '%%compute\ndef divide(a, b):\n    return a / b\n\n[divide(1, b) for b in (1, 0, 0)]'
};

test('bar, card and panel have no serious accessibility problem', async ({
  page
}) => {
  const notebook = await NotebookPage.open(
    page,
    'accessible.ipynb',
    notebookOf(Object.entries(CELLS).map(([id, source]) => ({ id, source })))
  );
  await notebook.command('globus-compute:show-panel');
  await notebook.runCell('good');
  await notebook.runCell('bad');
  const card = (await notebook.cell('bad')).locator('.jp-GlobusCompute-card');
  await expect(card).toContainText('2 tasks failed alike');
  await card.getByRole('button', { name: 'Show traceback' }).click();
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(page, theme);
    await takePicture(page, `failed-batch-${theme}`);
    const { violations } = await new AxeBuilder({ page })
      .include('.jp-GlobusCompute-cellBar')
      .include('.jp-GlobusCompute-card')
      .include('#jp-globus-compute-panel')
      // JupyterLab's own toolbar buttons, whose markup is not ours to change.
      .exclude('jp-button')
      .analyze();
    const serious = violations.filter(
      ({ impact }) => impact === 'serious' || impact === 'critical'
    );
    expect(
      serious.map(({ id, nodes }) => [id, nodes.map(node => node.html)]),
      theme
    ).toEqual([]);
  }
});

test('the bar is reached and used with the keyboard', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'keyboard.ipynb',
    notebookOf([{ id: 'cell', source: '%%compute\n6 * 7' }])
  );
  const cell = await notebook.cell('cell');
  const selector = cell.getByRole('button', {
    name: 'Endpoint: This computer'
  });
  await selector.focus();
  await page.keyboard.press('ArrowRight');
  await expect(
    cell.getByRole('button', { name: 'Run', exact: true })
  ).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(cell.locator('.jp-OutputArea-output').last()).toHaveText('42');
  const more = cell.getByRole('button', { name: 'More actions for this cell' });
  await more.focus();
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('menuitem', { name: 'Run on endpoint' })
  ).toBeVisible();
});
