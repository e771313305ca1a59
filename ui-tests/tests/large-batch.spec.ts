import { expect, test } from '@playwright/test';

import { takePicture } from '../look';
import { NotebookPage, notebookOf, textOf } from '../notebook';

test('a batch of 3,000 stays readable and small', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'large.ipynb',
    notebookOf([
      {
        id: 'large',
        source: [
          '%%compute',
          'def square(x):',
          '    if x % 1000 == 7:',
          '        raise ValueError(f"no {x // 1000}")',
          '    return x * x',
          '',
          'squares = [square(x) for x in range(3000)]'
        ].join('\n')
      },
      {
        id: 'check',
        source: 'sum(s for s in squares if isinstance(s, int)), squares[1007]'
      }
    ])
  );
  await notebook.command('globus-compute:show-panel');
  await notebook.startCell('large');
  const large = await notebook.cell('large');
  const card = large.locator('.jp-GlobusCompute-card');
  await expect(card).toContainText('square × 3,000');
  await takePicture(page, 'large-batch-running');
  await expect(large.locator('.jp-GlobusCompute-cellBar')).toContainText(
    'Failed · 3,000 of 3,000',
    { timeout: 60_000 }
  );
  await expect(card).toContainText('2,997 done');
  await takePicture(page, 'large-batch-failed');

  await notebook.runCell('check');
  const sum = [...Array(3000).keys()]
    .filter(x => x % 1000 !== 7)
    .reduce((total, x) => total + x * x, 0);
  expect((await notebook.savedOutputs('check')).map(textOf)).toEqual([
    `(${sum}, <failed: ValueError: no 1>)`
  ]);
  const saved = await notebook.savedOutputs('large');
  expect(saved).toHaveLength(1);
  expect(JSON.stringify(saved).length).toBeLessThan(300_000);
});
