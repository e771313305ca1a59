import type { Page } from '@playwright/test';
import { expect, test } from '@playwright/test';

import { Gate } from '../gate';
import { takePicture } from '../look';
import { NotebookPage, notebookOf, textOf } from '../notebook';
import { Submits } from '../submits';

let gate: Gate;

test.beforeEach(() => {
  gate = new Gate();
});

test.afterEach(() => {
  gate.open();
  gate.remove();
});

/** A notebook whose first cell waits at the gate. */
async function openWaiting(page: Page, name: string): Promise<NotebookPage> {
  const notebook = await NotebookPage.open(
    page,
    name,
    notebookOf([
      {
        id: 'slow',
        source: `%%compute\ndef slow(x):\n${gate.wait}\n    return x + 1\n\ny = slow(41)\ny`
      },
      { id: 'after', source: '"after"' }
    ])
  );
  await notebook.startCell('slow');
  await expectWaiting(notebook);
  return notebook;
}

async function expectWaiting(notebook: NotebookPage): Promise<void> {
  await expect(
    (await notebook.cell('slow')).getByRole('button', { name: 'Stop waiting' })
  ).toBeVisible();
}

/** The cell is no longer running, and can be run again. */
async function expectEnded(notebook: NotebookPage): Promise<void> {
  await expect(
    (await notebook.cell('slow')).getByRole('button', {
      name: 'Run',
      exact: true
    })
  ).toBeVisible();
}

test('a kernel that is killed while a cell waits ends the waiting', async ({
  page
}) => {
  const submits = new Submits(page);
  const notebook = await openWaiting(page, 'killed.ipynb');
  await page.evaluate(() => {
    const panel = window.jupyterapp.shell.currentWidget as unknown as {
      sessionContext: {
        session: { kernel: { requestExecute(content: object): unknown } };
      };
    };
    panel.sessionContext.session.kernel.requestExecute({
      code: 'import os, signal; os.kill(os.getpid(), signal.SIGKILL)'
    });
  });
  const card = (await notebook.cell('slow')).locator('.jp-GlobusCompute-card');
  await expect(card).toContainText('The kernel');
  await expectEnded(notebook);
  gate.open();
  await expect(card.getByRole('img', { name: 'Done' })).toBeVisible();
  expect(submits.count).toBe(1);
});

test('another kernel for the notebook ends the waiting', async ({ page }) => {
  const submits = new Submits(page);
  const notebook = await openWaiting(page, 'switched.ipynb');
  await page.evaluate(async () => {
    const panel = window.jupyterapp.shell.currentWidget as unknown as {
      sessionContext: { changeKernel(model: { name: string }): Promise<void> };
    };
    await panel.sessionContext.changeKernel({ name: 'python3' });
  });
  await expectEnded(notebook);
  gate.open();
  await expect(
    (await notebook.cell('slow')).locator('.jp-GlobusCompute-cellBar')
  ).toContainText('Done');
  expect(submits.count).toBe(1);
  await notebook.waitForKernel();
  await notebook.runCell('slow');
  expect((await notebook.savedOutputs('slow')).map(textOf).at(-1)).toBe('42');
  expect(submits.count).toBe(2);
});

test('a cell waits its turn in a busy kernel', async ({ page }) => {
  const submits = new Submits(page);
  const notebook = await NotebookPage.open(
    page,
    'busy.ipynb',
    notebookOf([
      {
        id: 'busy',
        source: `import os, time\nwhile not os.path.exists(${JSON.stringify(gate.file)}):\n    time.sleep(0.02)`
      },
      {
        id: 'area',
        source: '%%compute\ndef area(r):\n    return r * r\n\narea(3)'
      }
    ])
  );
  await notebook.startCell('busy');
  await notebook.startCell('area');
  const area = await notebook.cell('area');
  await expect(area).toContainText('Waits for the cell above');
  expect(submits.count).toBe(0);
  gate.open();
  await expect(area.locator('.jp-OutputArea-output').last()).toHaveText('9');
  expect(submits.count).toBe(1);
});

test('a cell that is run again while it waits is submitted as often as it ran', async ({
  page
}) => {
  const submits = new Submits(page);
  const notebook = await openWaiting(page, 'twice.ipynb');
  await notebook.startCell('slow');
  const slow = await notebook.cell('slow');
  await expect(slow).toContainText('Waits for the cell above');
  expect(submits.count).toBe(1);
  gate.open();
  await expectEnded(notebook);
  await expect(slow).not.toContainText('Waits for the cell above');
  await expect(slow.locator('.jp-OutputArea-output').last()).toHaveText('42');
  expect(submits.count).toBe(2);
  const outputs = await notebook.savedOutputs('slow');
  expect(outputs.map(textOf).filter(text => text === '42')).toHaveLength(1);
});

test('a cell that is split while it waits gets its results', async ({
  page
}) => {
  const submits = new Submits(page);
  const notebook = await openWaiting(page, 'split.ipynb');
  const slow = await notebook.cell('slow');
  await slow.locator('.cm-line').last().click();
  await page.keyboard.press('Control+Shift+Minus');
  await expect(page.locator('.jp-Notebook .jp-CodeCell')).toHaveCount(3);
  gate.open();
  await expect(page.locator('.jp-Notebook')).toContainText('42');
  await notebook.runCell('after');
  expect((await notebook.savedOutputs('after')).map(textOf)).toEqual([
    "'after'"
  ]);
  expect(submits.count).toBe(1);
});

test('two views of one notebook show one result, written once', async ({
  page
}) => {
  const submits = new Submits(page);
  const notebook = await openWaiting(page, 'views.ipynb');
  await notebook.command('docmanager:clone');
  await expect(page.locator('.jp-NotebookPanel')).toHaveCount(2);
  gate.open();
  for (const view of await page.locator('.jp-NotebookPanel').all()) {
    await expect(
      view.locator('.jp-OutputArea-output').filter({ hasText: /^42$/ })
    ).toHaveCount(1);
  }
  expect(submits.count).toBe(1);
  expect(
    (await notebook.savedOutputs('slow')).map(textOf).filter(t => t === '42')
  ).toHaveLength(1);
});

test('a notebook without a kernel gets one when a cell is run', async ({
  page
}) => {
  const submits = new Submits(page);
  const notebook = await NotebookPage.open(
    page,
    'none.ipynb',
    notebookOf([
      {
        id: 'area',
        source: '%%compute\ndef area(r):\n    return r * r\n\narea(3)'
      }
    ])
  );
  await page.evaluate(async () => {
    const panel = window.jupyterapp.shell.currentWidget as unknown as {
      sessionContext: { shutdown(): Promise<void> };
    };
    await panel.sessionContext.shutdown();
  });
  await notebook.startCell('area');
  const area = await notebook.cell('area');
  await expect(area.locator('.jp-OutputArea-output').last()).toHaveText('9');
  expect(submits.count).toBe(1);
});

test('a kernel that is not for Python says what it cannot do', async ({
  page
}) => {
  const submits = new Submits(page);
  const content = notebookOf([
    {
      id: 'area',
      source: '%%compute\ndef area(r):\n    return r * r\n\narea(3)'
    },
    { id: 'plain', source: 'c(1, 2)' }
  ]) as { metadata: object };
  content.metadata = {
    kernelspec: { name: 'r', display_name: 'R', language: 'R' }
  };
  const notebook = await NotebookPage.open(page, 'r.ipynb', content);
  await notebook.runCell('area');
  const [refused, ...others] = await notebook.savedOutputs('area');
  expect(refused.evalue).toBe(
    '%%compute runs Python, and the kernel of this notebook is for R. ' +
      'Choose a Python kernel with Change Kernel in the Kernel menu.'
  );
  expect(others).toEqual([]);
  await takePicture(page, 'kernel-for-r');
  await notebook.runCell('plain');
  expect((await notebook.savedOutputs('plain')).map(textOf)).toEqual([
    'R was sent: c(1, 2)'
  ]);
  expect(submits.count).toBe(0);
});
