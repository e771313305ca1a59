import { expect, test } from '@playwright/test';

import { NotebookPage, notebookOf } from '../notebook';

const CELLS = {
  option: '%%compute --endpiont x\n1 + 1',
  syntax: '%%compute\ndef f(x)\n    return x',
  variable: '%%compute\ndef scaled(x):\n    return x * scale\n\nscaled(2)',
  input: '%%compute -i missing\nmissing + 1'
};

const MESSAGES = {
  option:
    /^ComputeError: %%compute has no option --endpiont\. It takes -e\/--endpoint NAME/,
  syntax: /line 2[\s\S]*SyntaxError: expected ':'/,
  variable: /notebook variable 'scale'/,
  input: /missing/
};

test('a cell that cannot run says why, in one message', async ({ page }) => {
  const submits: string[] = [];
  page.on('request', request => {
    if (/\/(submit|functions)$/.test(new URL(request.url()).pathname)) {
      submits.push(request.url());
    }
  });
  const notebook = await NotebookPage.open(
    page,
    'refusals.ipynb',
    notebookOf([
      { id: 'setup', source: 'scale = 3' },
      ...Object.entries(CELLS).map(([id, source]) => ({ id, source }))
    ])
  );
  await notebook.runCell('setup');
  for (const id of Object.keys(CELLS) as (keyof typeof CELLS)[]) {
    await notebook.runCell(id);
    const outputs = await notebook.savedOutputs(id);
    expect(outputs, `${id}: one output`).toHaveLength(1);
    expect(outputs[0].output_type).toBe('error');
    const cell = await notebook.cell(id);
    const text = cell.locator('.jp-OutputArea-output');
    await expect(text).toHaveText(MESSAGES[id]);
    for (const ours of [
      '_globus_compute_bridge',
      'Traceback',
      'run_cell_magic'
    ]) {
      await expect(text).not.toContainText(ours);
    }
  }
  expect(submits, 'nothing was registered or submitted').toEqual([]);
});

test('a cell for an endpoint that is not known offers to sign in, and can be stopped', async ({
  page
}) => {
  const notebook = await NotebookPage.open(
    page,
    'unknown-endpoint.ipynb',
    notebookOf([{ id: 'unknown', source: '%%compute -e nowhere\n1 + 1' }])
  );
  await notebook.startCell('unknown');
  const cell = await notebook.cell('unknown');
  const message = cell.getByRole('alert');
  await expect(message).toContainText(
    'There is no endpoint "nowhere" among those that are known: This computer.'
  );
  await expect(
    cell.getByRole('button', { name: 'Sign in', exact: true })
  ).toBeVisible();
  await cell
    .locator('.jp-GlobusCompute-signInNote')
    .getByRole('button', { name: 'Stop waiting' })
    .click();
  await expect(message).toBeHidden();
  await expect(cell.locator('.jp-OutputArea-output')).toHaveText(
    /Stopped before anything was sent: nobody had signed in\.$/
  );
});
