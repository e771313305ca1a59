import { expect, test } from '@playwright/test';

import { takePicture } from '../look';
import { NotebookPage, notebookOf, textOf } from '../notebook';
import { expectRestarted, killService } from '../service';

test('a cell outlives the service it runs on', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'killed.ipynb',
    notebookOf([
      {
        id: 'slow',
        source: [
          '%%compute',
          'def slow(x):',
          '    import time',
          '    time.sleep(1.5)',
          '    return x * 2',
          '',
          'values = [slow(x) for x in range(4)]',
          'values'
        ].join('\n')
      }
    ])
  );
  await notebook.startCell('slow');
  const cell = await notebook.cell('slow');
  await expect(
    cell.getByRole('button', { name: 'Stop waiting' })
  ).toBeVisible();
  const killed = killService();
  await expect(cell.locator('.jp-GlobusCompute-cellBar')).toContainText(
    'Done',
    {
      timeout: 60_000
    }
  );
  await expect(cell.locator('.jp-OutputArea-output').last()).toHaveText(
    '[0, 2, 4, 6]'
  );
  await expectRestarted(killed);
});

test('a task that ends its process fails alone', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'exits.ipynb',
    notebookOf([
      {
        id: 'exit',
        source:
          '%%compute\nimport sys\ndef leave(code):\n    print("leaving")\n    sys.exit(code)\n\nleave(3)'
      },
      {
        id: 'die',
        source:
          '%%compute\nimport os\ndef die(code):\n    os._exit(code)\n\ndie(1)'
      },
      {
        id: 'next',
        source: '%%compute\ndef fine():\n    return "fine"\n\nfine()'
      }
    ])
  );
  await notebook.runCell('exit');
  const exit = await notebook.cell('exit');
  await expect(exit.locator('.jp-GlobusCompute-card')).toContainText(
    'SystemExit: 3'
  );
  await expect(exit).toContainText('leaving');
  await notebook.runCell('die');
  await expect(
    (await notebook.cell('die')).locator('.jp-GlobusCompute-card')
  ).toContainText('the worker process died: out of memory, or os._exit?');
  await takePicture(page, 'faults');
  await notebook.runCell('next');
  expect((await notebook.savedOutputs('next')).map(textOf).at(-1)).toBe(
    "'fine'"
  );
});
