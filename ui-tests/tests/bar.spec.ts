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

test('the bar stays one line at any width', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'bar-width.ipynb',
    notebookOf([
      {
        id: 'slow',
        source: `%%compute\ndef slow(x):\n${gate.wait}\n    return x\n\n[slow(x) for x in range(3)]`
      },
      { id: 'idle', source: '%%compute\n1 + 1' }
    ])
  );
  await notebook.startCell('slow');
  const cell = await notebook.cell('slow');
  const bar = cell.getByRole('toolbar', { name: 'Globus Compute' });
  const background = bar.getByRole('button', { name: 'Send to background' });
  const stop = bar.getByRole('button', { name: 'Stop waiting' });
  const details = bar.getByRole('button', { name: 'Details' });
  const more = bar.getByRole('button', { name: 'More actions' });
  await expect(background).toBeVisible();
  await expect(details).toBeVisible();
  await expect(bar.locator('.jp-GlobusCompute-barState')).toContainText(
    /Waiting|Running/
  );
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(page, theme);
    for (const width of [1400, 900, 600]) {
      await page.setViewportSize({ width, height: 700 });
      await expect(more).toBeInViewport({ ratio: 1 });
      await expect(
        bar.getByRole('button', { name: /^Endpoint: This computer/ })
      ).toBeVisible();
      const height = await bar.evaluate(node => node.clientHeight);
      expect(height).toBeLessThanOrEqual(30);
      await expect
        .poll(() => bar.evaluate(node => node.scrollWidth - node.clientWidth))
        .toBeLessThanOrEqual(0);
      await takePicture(page, `bar-${theme}-${width}`);
    }
  }
  await test.step('what does not fit is in the menu', async () => {
    await page.setViewportSize({ width: 480, height: 700 });
    await expect(details).toBeHidden();
    await more.click();
    const menu = page.getByRole('menu');
    await expect(menu).toContainText('Send to background');
    await expect(menu).toContainText('Stop waiting');
    await takePicture(page, 'bar-menu-480');
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 1400, height: 700 });
    await expect(details).toBeVisible();
    await expect(stop).toBeVisible();
  });
});

test('an endpoint is found and chosen with the keyboard', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'bar-endpoint.ipynb',
    notebookOf([{ id: 'cell', source: '%%compute\n1 + 1' }])
  );
  const cell = await notebook.cell('cell');
  const selector = cell.getByRole('button', { name: /^Endpoint:/ });
  await expect(selector).toHaveAccessibleName(
    'Endpoint: This computer, online'
  );
  await selector.focus();
  await page.keyboard.press('ArrowDown');
  const search = page.getByRole('combobox', { name: 'Search endpoints' });
  await expect(search).toBeFocused();
  const option = page.getByRole('option', { name: /This computer/ });
  await expect(option).toHaveAttribute('aria-selected', 'true');
  await takePicture(page, 'bar-endpoints');
  await page.keyboard.type('none such');
  await expect(option).toHaveCount(0);
  await expect(page.getByText('No endpoint is called so.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(search).toHaveCount(0);
  await expect(selector).toBeFocused();
  await expect(cell.locator('.cm-line').first()).toHaveText('%%compute');
  await page.keyboard.press('Enter');
  await page.keyboard.type('COMP');
  await expect(option).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(cell.locator('.cm-line').first()).toHaveText(
    '%%compute -e "This computer"'
  );
  await expect(selector).toBeFocused();
});

test('its items come from the settings', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'bar-settings.ipynb',
    notebookOf([{ id: 'cell', source: '%%compute\n1 + 1' }])
  );
  const cell = await notebook.cell('cell');
  const bar = cell.getByRole('toolbar', { name: 'Globus Compute' });
  await expect(
    bar.getByRole('button', { name: 'Run', exact: true })
  ).toBeVisible();
  const setToolbar = (toolbar: unknown): Promise<void> =>
    page.evaluate(async toolbar => {
      const { settings } = window.jupyterapp.serviceManager;
      await settings.save(
        'jupyterlab-globus-compute:bar',
        JSON.stringify({ toolbar })
      );
    }, toolbar);
  await setToolbar([
    { name: 'run', disabled: true },
    { name: 'copy', command: 'notebook:copy-cell', rank: 30 }
  ]);
  try {
    await NotebookPage.reopen(page, 'bar-settings.ipynb');
    await expect(bar.getByRole('button', { name: /^Endpoint:/ })).toBeVisible();
    await expect(
      bar.getByRole('button', { name: 'Run', exact: true })
    ).toHaveCount(0);
    await expect(bar.locator('[data-jp-item-name="copy"]')).toBeVisible();
  } finally {
    await setToolbar([]);
  }
});

test('the same can be done from palette, menus and keyboard', async ({
  page
}) => {
  const notebook = await NotebookPage.open(
    page,
    'bar-commands.ipynb',
    notebookOf([
      { id: 'cell', source: '%%compute\ndef f(x):\n    return x\n\nf(41) + 1' },
      { id: 'plain', source: '1 + 1' }
    ])
  );
  const isEnabled = (id: string): Promise<boolean> =>
    page.evaluate(id => window.jupyterapp.commands.isEnabled(id), id);

  await test.step('only where they apply', async () => {
    await notebook.select('plain');
    expect(await isEnabled('globus-compute:choose-endpoint')).toBe(false);
    expect(await isEnabled('globus-compute:show-details')).toBe(false);
    expect(await isEnabled('globus-compute:copy-ids')).toBe(false);
    await notebook.select('cell');
    expect(await isEnabled('globus-compute:choose-endpoint')).toBe(true);
    expect(await isEnabled('globus-compute:stop-waiting')).toBe(false);
    expect(await isEnabled('globus-compute:send-to-background')).toBe(false);
  });

  await test.step('no shortcut of ours is taken', async () => {
    const clashes = await page.evaluate(() => {
      const { keyBindings } = window.jupyterapp.commands;
      const ours = keyBindings.filter(({ command }) =>
        command.startsWith('globus-compute:')
      );
      return {
        count: ours.length,
        clashes: ours
          .flatMap(one =>
            keyBindings.filter(
              other =>
                other.command !== one.command &&
                other.keys.join(' ') === one.keys.join(' ')
            )
          )
          .map(({ command, keys }) => `${keys.join(' ')} ${command}`)
      };
    });
    expect(clashes.count).toBeGreaterThanOrEqual(5);
    expect(clashes.clashes).toEqual([]);
  });

  await test.step('shortcuts', async () => {
    const cell = await notebook.cell('cell');
    await page.keyboard.press('Alt+Shift+R');
    await expect(cell.locator('.jp-OutputArea-output').last()).toHaveText('42');
    await page.keyboard.press('Alt+Shift+D');
    await expect(
      cell.getByRole('button', { name: /f on This computer/ })
    ).toHaveAttribute('aria-expanded', 'true');
    await page.keyboard.press('Alt+Shift+E');
    await expect(
      page.getByRole('combobox', { name: 'Search endpoints' })
    ).toBeFocused();
    await page.keyboard.press('Escape');
  });

  await test.step('the Run menu and the context menu', async () => {
    await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
    // Lumino gives an item with a submenu no role.
    const item = page.locator('.lm-Menu-item', { hasText: 'Globus Compute' });
    await item.hover();
    await expect(
      page.getByRole('menuitem', { name: 'Choose endpoint' })
    ).toBeVisible();
    await takePicture(page, 'bar-run-menu');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    const cell = await notebook.cell('cell');
    await cell.locator('.cm-content').click({ button: 'right' });
    await item.hover();
    await expect(
      page.getByRole('menuitem', { name: 'Run on endpoint' })
    ).toBeVisible();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });

  await test.step('the palette', async () => {
    await page.keyboard.press('Control+Shift+C');
    await page.keyboard.type('Globus Compute choose');
    await page.keyboard.press('Enter');
    await expect(
      page.getByRole('combobox', { name: 'Search endpoints' })
    ).toBeFocused();
  });
});

test('what %compute_config sets is seen in the bars', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'bar-config.ipynb',
    notebookOf([
      { id: 'config', source: '%compute_config --name sweep --no-capture' },
      { id: 'cell', source: '%%compute\n1 + 1' }
    ])
  );
  const bar = (await notebook.cell('cell')).getByRole('toolbar', {
    name: 'Globus Compute'
  });
  const told = bar.locator('.jp-GlobusCompute-barDefaults');
  await expect(bar.getByRole('button', { name: /^Endpoint:/ })).toBeVisible();
  await expect(told).toHaveCount(0);
  await notebook.runCell('config');
  await expect(told).toHaveText('--name=sweep --no-capture');
  await expect(told).toHaveAttribute('title', /%compute_config/);
  await takePicture(page, 'bar-config');
});
