import { expect, test } from '@playwright/test';

import { takePicture } from '../look';
import { notebookOf } from '../notebook';
import { openNotebook } from './application';

test('a cell says how to add the local service', async ({ page }) => {
  const source = '%%compute\ndef f():\n    return 1\n\nf()';
  const notebook = await openNotebook(
    page,
    'without-local.ipynb',
    notebookOf([{ id: 'first', source }])
  );
  await notebook.command('globus-compute:show-panel');
  await notebook.startCell('first');
  const command = /-m pip install "jupyterlab-globus-compute\[local\]"/;
  const cell = await notebook.cell('first');
  await expect(cell).toContainText(command);
  await expect(
    cell.getByRole('button', { name: 'Sign in', exact: true })
  ).toBeVisible();
  const panel = page.locator('#jp-globus-compute-panel');
  await expect(panel).toContainText(command);
  await takePicture(page, 'package-without-local');
});
