import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '@playwright/test';

import { Gate } from '../gate';
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

/** What is seriously wrong within a place: the rules, with where. */
async function seriousIn(
  page: Page,
  place: string
): Promise<Map<string, string[]>> {
  const { violations } = await new AxeBuilder({ page })
    .include(place)
    .analyze();
  return new Map(
    violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => [id, nodes.map(node => node.html)])
  );
}

test('a notebook with compute cells has no problem that one without has not', async ({
  page
}) => {
  const gate = new Gate();
  try {
    const plain = await NotebookPage.open(
      page,
      'plain.ipynb',
      notebookOf([
        { id: 'value', source: 'import sys; print(1); 6 * 7' },
        { id: 'error', source: '1 / 0' }
      ])
    );
    await plain.runCell('value');
    const before = await seriousIn(page, '.jp-NotebookPanel');
    const notebook = await NotebookPage.open(
      page,
      'compute.ipynb',
      notebookOf([
        {
          id: 'slow',
          source: `%%compute\ndef slow(x):\n${gate.wait}\n    return x\n\nslow(1)`
        },
        { id: 'after', source: '1 + 1' },
        { id: 'mistake', source: '%%compute --oops\n1' }
      ])
    );
    await notebook.startCell('slow');
    await notebook.startCell('after');
    const after = await notebook.cell('after');
    await expect(after).toContainText('Waits for the cell above');
    // What opens is of the page, not of the notebook.
    const cell = await notebook.cell('slow');
    await cell.getByRole('button', { name: /^Endpoint:/ }).click();
    await expect(
      page.getByRole('combobox', { name: 'Search endpoints' })
    ).toBeFocused();
    for (const theme of ['light', 'dark'] as const) {
      await setTheme(page, theme);
      const popup = page.locator('.jp-GlobusCompute-picker');
      await expect(popup).toBeVisible();
      expect(
        [...(await seriousIn(page, '.jp-GlobusCompute-picker'))],
        `endpoints, ${theme}`
      ).toEqual([]);
      const found = await seriousIn(page, '.jp-NotebookPanel');
      expect(
        [...found].filter(([rule]) => !before.has(rule)),
        theme
      ).toEqual([]);
    }
  } finally {
    gate.open();
    gate.remove();
  }
});
