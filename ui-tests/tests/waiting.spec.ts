import { expect, test } from '@playwright/test';

import { Gate } from '../gate';
import { takePicture } from '../look';
import { NotebookPage, notebookOf, textOf } from '../notebook';

let gate: Gate;

test.beforeEach(() => {
  gate = new Gate();
});

test.afterEach(() => {
  gate.open();
  gate.remove();
});

function cells(): { id: string; source: string }[] {
  return [
    {
      id: 'slow',
      source: `%%compute\ndef slow(x):\n${gate.wait}\n    return x + 1\n\ny = slow(41)`
    },
    { id: 'after', source: 'print(type(y).__name__)' },
    { id: 'last', source: 'print("last")' },
    { id: 'use', source: 'y + 1' }
  ];
}

test('later cells wait for a compute cell', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'waits.ipynb',
    notebookOf(cells())
  );
  await notebook.startCommand('notebook:run-all-cells');
  const slow = await notebook.cell('slow');
  await expect(
    slow.getByRole('button', { name: 'Stop waiting' })
  ).toBeVisible();
  const after = await notebook.cell('after');
  await expect(after).toContainText('Waits for the cell above');
  await takePicture(page, 'waiting');
  gate.open();
  await expect(after.locator('.jp-OutputArea-output')).toHaveText('int');
  await expect(after).not.toContainText('Waits for the cell above');
  await expect(
    (await notebook.cell('last')).locator('.jp-OutputArea-output')
  ).toHaveText('last');
});

test('a waiting cell runs now when asked', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'run-now.ipynb',
    notebookOf(cells())
  );
  await notebook.startCommand('notebook:run-all-cells');
  const last = await notebook.cell('last');
  await last.getByRole('button', { name: 'Run now' }).click();
  await expect(last.locator('.jp-OutputArea-output')).toHaveText('last');
  await expect(await notebook.cell('after')).toContainText(
    'Waits for the cell above'
  );
});

test('sending to the background releases the cells below', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'background.ipynb',
    notebookOf(cells())
  );
  await notebook.startCommand('notebook:run-all-cells');
  const slow = await notebook.cell('slow');
  await slow.getByRole('button', { name: 'Send to background' }).click();
  const after = await notebook.cell('after');
  await expect(after.locator('.jp-OutputArea-output')).toHaveText(
    'Placeholder'
  );
  gate.open();
  await expect(slow.locator('.jp-GlobusCompute-cellBar')).toContainText('Done');
  await notebook.runCell('after');
  await expect(after.locator('.jp-OutputArea-output')).toHaveText('int');
});

test('--no-wait does so by itself', async ({ page }) => {
  const [slow, ...others] = cells();
  const notebook = await NotebookPage.open(
    page,
    'no-wait.ipynb',
    notebookOf([
      {
        ...slow,
        source: slow.source.replace('%%compute', '%%compute --no-wait')
      },
      ...others
    ])
  );
  await notebook.startCommand('notebook:run-all-cells');
  await expect(
    (await notebook.cell('last')).locator('.jp-OutputArea-output')
  ).toHaveText('last');
  gate.open();
  await expect(
    (await notebook.cell('slow')).locator('.jp-GlobusCompute-cellBar')
  ).toContainText('Done');
});

for (const [way, stop] of [
  [
    'the button',
    async (notebook: NotebookPage) =>
      (await notebook.cell('slow'))
        .getByRole('button', { name: 'Stop waiting' })
        .click()
  ],
  [
    'interrupting the kernel',
    (notebook: NotebookPage) => notebook.command('notebook:interrupt-kernel')
  ]
] as const) {
  test(`${way} stops the waiting, and the cells below do not run`, async ({
    page
  }) => {
    const notebook = await NotebookPage.open(
      page,
      'stop.ipynb',
      notebookOf(cells())
    );
    await notebook.startCommand('notebook:run-all-cells');
    const slow = await notebook.cell('slow');
    await expect(
      slow.getByRole('button', { name: 'Stop waiting' })
    ).toBeVisible();
    await stop(notebook);
    await expect(slow.locator('.jp-GlobusCompute-card')).toContainText(
      'Stopped waiting'
    );
    await expect(
      slow.getByRole('button', { name: 'Run', exact: true })
    ).toBeVisible();
    await expect(await notebook.cell('after')).not.toContainText(
      'Waits for the cell above'
    );
    expect(await notebook.savedOutputs('after')).toEqual([]);
    gate.open();
    await expect(slow.locator('.jp-GlobusCompute-cellBar')).toContainText(
      'Done'
    );
    await notebook.runCell('use');
    const [output] = await notebook.savedOutputs('use');
    expect(textOf(output)).toContain('<result of slow(41)> will not come');
  });
}
