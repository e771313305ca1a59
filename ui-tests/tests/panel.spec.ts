import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '@playwright/test';

import { setTheme, takePicture } from '../look';
import { NotebookPage, notebookOf, textOf } from '../notebook';

const CELLS = [
  {
    id: 'good',
    source:
      '%%compute\ndef double(x):\n    return 2 * x\n\n[double(x) for x in range(5)]'
  },
  {
    id: 'bad',
    source:
      '%%compute\ndef divide(a, b):\n    return a / b\n\n[divide(1, b) for b in (1, 0, 0)]'
  },
  { id: 'last', source: '1 + 1' }
];

function panelOf(page: Page): Locator {
  return page.locator('#jp-globus-compute-panel');
}

function batchOf(page: Page, name: string): Locator {
  return panelOf(page).getByRole('treeitem', { name });
}

async function openWithBatches(
  page: Page,
  path: string
): Promise<NotebookPage> {
  const notebook = await NotebookPage.open(page, path, notebookOf(CELLS));
  await notebook.command('globus-compute:show-panel');
  await notebook.runCell('good');
  await notebook.runCell('bad');
  await expect(batchOf(page, 'divide').first()).toBeVisible();
  return notebook;
}

test('batches: open, look at tasks, forget, undo, group', async ({ page }) => {
  await openWithBatches(page, 'panel-batches.ipynb');
  const panel = panelOf(page);
  // The tests share a vault: the batches of others would take their places.
  await panel
    .getByRole('searchbox', { name: 'Search batches' })
    .fill('panel-batches');

  await test.step('tasks with value and error', async () => {
    const divide = batchOf(page, 'divide').first();
    await divide.click();
    await expect(divide).toContainText('ZeroDivisionError: division by zero');
    const failed = panel.getByRole('treeitem', { name: '#1, divide(1, 0)' });
    await failed.click();
    await expect(failed).toContainText('ran ');
    await expect(failed).toContainText('ZeroDivisionError: division by zero');
    await panel.getByRole('treeitem', { name: '#0, divide(1, 1)' }).click();
    await expect(
      panel.getByRole('treeitem', { name: '#0, divide(1, 1)' })
    ).toContainText('1.0');
    await failed.getByRole('button', { name: 'Go to line 5' }).click();
    await expect(page.locator('.jp-Notebook .jp-mod-active')).toContainText(
      'def divide'
    );
  });

  await test.step('pictures', async () => {
    for (const theme of ['light', 'dark'] as const) {
      await setTheme(page, theme);
      await takePicture(page, `panel-tasks-${theme}`);
    }
    await page.evaluate(() =>
      window.jupyterapp.commands.execute('apputils:change-theme', {
        theme: 'JupyterLab Dark High Contrast'
      })
    );
    await expect(page.locator('body')).toHaveAttribute(
      'data-jp-theme-name',
      'JupyterLab Dark High Contrast'
    );
    await takePicture(page, 'panel-tasks-high-contrast');
    await setTheme(page, 'light');
  });

  await test.step('forget and undo', async () => {
    const double = batchOf(page, 'double × 5').first();
    const count = await batchOf(page, 'double × 5').count();
    await double.click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Forget' }).click();
    await expect(batchOf(page, 'double × 5')).toHaveCount(count - 1);
    await panel.getByRole('button', { name: 'Undo' }).click();
    await expect(batchOf(page, 'double × 5')).toHaveCount(count);
  });

  await test.step('group by state, with the keyboard', async () => {
    await panel
      .getByRole('button', { name: 'Filter by endpoint, and group' })
      .click();
    await panel
      .getByRole('combobox', { name: 'Group batches' })
      .selectOption('state');
    const group = panel.getByRole('treeitem', { name: 'Done', exact: true });
    const newest = batchOf(
      page,
      'double × 5, Done, This computer · panel-batches.ipynb'
    ).first();
    await group.focus();
    await page.keyboard.press('ArrowLeft');
    await expect(group).toHaveAttribute('aria-expanded', 'false');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect(newest).toBeFocused();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect(
      panel.getByRole('treeitem', { name: '#0, double(0)' }).first()
    ).toBeFocused();
    await page.keyboard.press('ArrowLeft');
    await expect(newest).toBeFocused();
    await takePicture(page, 'panel-groups');
  });
});

test('tasks of the Python SDK are followed', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'panel-follow.ipynb',
    notebookOf([
      { id: 'start', source: '%%compute\n1 + 1' },
      {
        id: 'sdk',
        source: [
          'import jupyterlab_globus_compute',
          'client = jupyterlab_globus_compute.connect()',
          'endpoint = client.get_endpoints()[0]["uuid"]',
          'function = client.register_function(lambda x: 2 * x)',
          'batch = client.create_batch()',
          'for x in (20, 21): batch.add(function, args=(x,))',
          'sent = client.batch_run(endpoint, batch)',
          'print(sent["task_group_id"], *sent["tasks"][function])'
        ].join('\n')
      }
    ])
  );
  await notebook.runCell('start');
  await notebook.runCell('sdk');
  const [group, ...tasks] = textOf(
    (await notebook.savedOutputs('sdk'))[0]
  ).split(/\s+/);
  const panel = panelOf(page);
  await notebook.command('globus-compute:follow-tasks');
  await panel.getByRole('textbox', { name: 'Task ids' }).fill(tasks.join(' '));
  await panel
    .getByRole('textbox', { name: 'Name in the list' })
    .fill('from the terminal');
  await takePicture(page, 'panel-follow');
  await page.keyboard.press('Enter');
  const followed = batchOf(page, 'from the terminal × 2, Done').first();
  await expect(followed).toBeVisible();
  const second = panel.getByRole('treeitem', { name: /^#1, / }).first();
  await second.click();
  await expect(second).toContainText('42');

  await test.step('a group that is there already is shown, not doubled', async () => {
    const count = await batchOf(page, 'from the terminal × 2').count();
    await panel.getByRole('button', { name: 'Follow tasks…' }).click();
    await panel
      .getByRole('combobox', { name: 'What the ids belong to' })
      .selectOption('group');
    await panel.getByRole('textbox', { name: 'Task group id' }).fill(group);
    await panel.getByRole('button', { name: 'Follow', exact: true }).click();
    await expect(
      panel.getByRole('button', { name: 'Follow tasks…' })
    ).toBeVisible();
    await expect(batchOf(page, 'from the terminal × 2')).toHaveCount(count);
  });
});

test('export gives the batch as JSON lines', async ({ page }) => {
  await openWithBatches(page, 'panel-export.ipynb');
  await batchOf(page, 'double × 5').first().click({ button: 'right' });
  const downloads = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Export as JSON lines' }).click();
  const download = await downloads;
  const stream = await download.createReadStream();
  let text = '';
  for await (const part of stream) {
    text += String(part);
  }
  const lines = text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as object);
  expect(lines.length).toBeGreaterThanOrEqual(5);
});

test('endpoints: default for this notebook, hide, add', async ({ page }) => {
  await openWithBatches(page, 'panel-endpoints.ipynb');
  const endpoints = panelOf(page).getByRole('list', { name: 'Endpoints' });
  const row = endpoints.getByRole('button', { name: /This computer/ });
  await row.click();
  await endpoints.getByRole('button', { name: 'Hide' }).click();
  await expect(row).toHaveCount(0);
  await panelOf(page)
    .getByRole('button', { name: 'Show hidden ones (1)' })
    .click();
  await expect(row).toContainText('hidden');
  await endpoints.getByRole('button', { name: 'Show again' }).click();
  await expect(row).not.toContainText('hidden');
  await panelOf(page).getByRole('button', { name: 'Add an endpoint…' }).click();
  const field = panelOf(page).getByRole('textbox', { name: 'Endpoint id' });
  await field.fill('nonsense');
  await field.press('Enter');
  await expect(panelOf(page).getByRole('alert')).toContainText(
    'An endpoint id looks like'
  );
  await takePicture(page, 'panel-endpoints');
  await field.press('Escape');
  await expect(field).toHaveCount(0);
});

test('functions: source, and a cell that calls one', async ({ page }) => {
  const notebook = await openWithBatches(page, 'panel-functions.ipynb');
  const functions = panelOf(page).getByRole('list', { name: 'Functions' });
  await functions
    .getByRole('button', { name: /^double/ })
    .first()
    .click();
  await expect(functions.getByRole('region', { name: 'Source' })).toContainText(
    'return 2 * x'
  );
  await takePicture(page, 'panel-functions');
  await notebook.select('last');
  await functions.getByRole('button', { name: 'Insert cell' }).click();
  const cell = page.locator('.jp-Notebook .jp-mod-active');
  await expect(cell).toContainText('%%compute --function double=');
  await expect(cell).toContainText('double(x)');
});

test('the status bar counts, and a long batch is told of', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'panel-told.ipynb',
    notebookOf(CELLS)
  );
  await page.evaluate(async () => {
    const { settings } = window.jupyterapp.serviceManager;
    await settings.save(
      'jupyterlab-globus-compute:notifications',
      '{"longBatch": 0}'
    );
  });
  await page.reload();
  await page.waitForFunction(() => 'jupyterapp' in window);
  await page.evaluate(() => window.jupyterapp.restored.then(() => null));
  await notebook.command('docmanager:open', { path: 'panel-told.ipynb' });
  await notebook.waitForKernel();
  await notebook.runCell('bad');
  await notebook.select('last');
  const status = page.locator('.jp-GlobusCompute-statusButton');
  await expect(status).toContainText(/\d+ failed/);
  const toast = page.locator('.jp-toastContainer, .Toastify').first();
  await expect(toast).toContainText('divide × 3 has ended after');
  await takePicture(page, 'panel-notification');
  await toast.getByRole('button', { name: 'Go to cell' }).first().click();
  await expect(page.locator('.jp-Notebook .jp-mod-active')).toContainText(
    'def divide'
  );
  await status.click();
  await expect(panelOf(page)).toBeVisible();
});

test('the panel has no serious accessibility problem', async ({ page }) => {
  await openWithBatches(page, 'panel-accessible.ipynb');
  await batchOf(page, 'divide').first().click();
  await panelOf(page)
    .getByRole('list', { name: 'Endpoints' })
    .getByRole('button', { name: /This computer/ })
    .click();
  await panelOf(page)
    .getByRole('list', { name: 'Functions' })
    .getByRole('button', { name: /^divide/ })
    .first()
    .click();
  await expect(panelOf(page)).toContainText('return a / b');
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(page, theme);
    const { violations } = await new AxeBuilder({ page })
      .include('#jp-globus-compute-panel')
      .include('.jp-GlobusCompute-status')
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
