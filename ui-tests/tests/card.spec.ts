import { existsSync, readFileSync } from 'node:fs';

import { expect, test } from '@playwright/test';

import { Gate } from '../gate';
import { setTheme, takePicture } from '../look';
import { NotebookPage, notebookOf } from '../notebook';

let gate: Gate;

test.beforeEach(() => {
  gate = new Gate();
});

test.afterEach(() => {
  gate.open();
  gate.remove();
});

test('failures are grouped and explained, and run again alone', async ({
  page
}) => {
  const tried = (x: string): string => `${gate.folder}/tried-${x}`;
  const notebook = await NotebookPage.open(
    page,
    'card-failures.ipynb',
    notebookOf([
      {
        id: 'cell',
        source: [
          '%%compute',
          'def load(x):',
          '    import os',
          `    open(f"${gate.folder}/tried-{x}", "a").write("*")`,
          `    if x > 2 and not os.path.exists("${gate.file}"):`,
          '        import nowhere_to_be_found',
          '    return x',
          '',
          '[load(x) for x in range(6)]'
        ].join('\n')
      }
    ])
  );
  await notebook.runCell('cell');
  const cell = await notebook.cell('cell');
  const card = cell.locator('.jp-GlobusCompute-card');
  await expect(card).toContainText('3 tasks failed alike');
  await expect(card).toContainText('does not have "nowhere_to_be_found"');

  await test.step('a line of the traceback goes to the line of the cell', async () => {
    await card.getByRole('button', { name: 'Show traceback' }).click();
    await card.getByRole('button', { name: /File "cell", line 6/ }).click();
    await expect(page.locator('#jp-main-statusbar')).toContainText('Ln 6');
  });

  await test.step('pictures', async () => {
    for (const theme of ['light', 'dark'] as const) {
      await setTheme(page, theme);
      for (const width of [1400, 900, 600]) {
        await page.setViewportSize({ width, height: 900 });
        await takePicture(page, `card-failures-${theme}-${width}`);
      }
    }
    await page.setViewportSize({ width: 1400, height: 900 });
  });

  await test.step('an edit is told', async () => {
    await expect(card).not.toContainText('edited since it ran');
    await cell.locator('.cm-line').last().click();
    await page.keyboard.press('End');
    await page.keyboard.type('  # more');
    await expect(card).toContainText('edited since it ran');
    await page.keyboard.press('Control+Z');
    await expect(card).not.toContainText('edited since it ran');
  });

  await test.step('only what failed runs again', async () => {
    gate.open();
    await card.getByRole('button', { name: 'Run failed again' }).click();
    await expect(card).toHaveAttribute('data-state', 'done');
    await expect(
      card.getByRole('button', { name: 'Run failed again' })
    ).toHaveCount(0);
    const times = [0, 1, 2, 3, 4, 5].map(
      x => readFileSync(tried(String(x)), 'utf8').length
    );
    expect(times).toEqual([1, 1, 1, 2, 2, 2]);
    await card.getByRole('button', { name: /load × 6/ }).click();
    await expect(card.getByText('attempt 2')).toHaveCount(3);
    await takePicture(page, 'card-run-again');
  });
});

test('a running batch shows how far it is, and can be cancelled', async ({
  page
}) => {
  const notebook = await NotebookPage.open(
    page,
    'card-running.ipynb',
    notebookOf([
      {
        id: 'cell',
        source: [
          '%%compute',
          'def wait(x):',
          '    if x > 4:',
          ...gate.wait.split('\n').map(line => `    ${line}`),
          '    return x',
          '',
          '[wait(x) for x in range(60)]'
        ].join('\n')
      }
    ])
  );
  await notebook.startCell('cell');
  const cell = await notebook.cell('cell');
  const card = cell.locator('.jp-GlobusCompute-card');
  const bar = cell.getByRole('toolbar', { name: 'Globus Compute' });
  await expect(card).toContainText('5 done');
  await expect(card).toHaveAttribute('data-state', 'running');
  await card.getByRole('button', { name: /wait × 60/ }).click();
  await expect(card).toContainText('running for');
  await takePicture(page, 'card-running');
  await bar.getByRole('button', { name: 'Cancel' }).click();
  await expect(card).toHaveAttribute('data-state', 'failed');
  await expect(card).toContainText('5 done · 55 failed');
  await expect(card).toContainText('cancelled');
  expect(existsSync(gate.file)).toBe(false);
  await takePicture(page, 'card-cancelled');
});
