import { expect, test } from '@playwright/test';

import { takePicture } from '../look';
import { NotebookPage, notebookOf, textOf } from '../notebook';

test('what a function prints and draws is shown', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'output.ipynb',
    notebookOf([
      {
        id: 'prints',
        source: [
          '%%compute',
          'import subprocess, sys',
          'def talk(name):',
          '    print("from Python,", name)',
          '    subprocess.run([sys.executable, "-c", "print(\'from a subprocess\')"])',
          '    print("to stderr", file=sys.stderr)',
          '    return name',
          '',
          'talk("Ada")'
        ].join('\n')
      },
      {
        id: 'bare',
        source:
          '%%compute --no-capture\ndef quiet(x):\n    print("not seen")\n    return x\n\nquiet(7)'
      },
      {
        id: 'below',
        source: [
          '%%compute --name "My areas"',
          'def area(r):',
          '    return 3 * r * r',
          '',
          'print("before")',
          'areas = [area(r) for r in range(3)]',
          'print("total", sum(areas))',
          'print(area(10), sum(area(r) for r in (1, 2)))',
          'len(areas)'
        ].join('\n')
      },
      { id: 'plain', source: 'areas' },
      { id: 'again', source: '%%compute\nmore = area(4)\nmore' },
      { id: 'local', source: 'area.local(5)' },
      { id: 'mistake', source: 'area(5)' }
    ])
  );
  await notebook.runCell('prints');
  const prints = (await notebook.savedOutputs('prints')).slice(1);
  const stdout = prints
    .filter(output => output.output_type === 'stream')
    .map(textOf)
    .join('');
  expect(stdout).toContain('from Python, Ada\n');
  expect(stdout).toContain('from a subprocess\n');
  expect(stdout).toContain('to stderr\n');
  expect(textOf(prints.at(-1) ?? prints[0])).toBe("'Ada'");

  await notebook.runCell('bare');
  expect((await notebook.savedOutputs('bare')).slice(1).map(textOf)).toEqual([
    '7'
  ]);

  await notebook.runCell('below');
  const below = await notebook.savedOutputs('below');
  expect(below.slice(1).map(textOf)).toEqual([
    'before\ntotal 15\n300 15\n',
    '3'
  ]);
  expect(textOf(below[0])).toContain('My areas');

  await notebook.runCell('plain');
  expect((await notebook.savedOutputs('plain')).map(textOf)).toEqual([
    '[0, 3, 12]'
  ]);

  await notebook.runCell('again');
  expect((await notebook.savedOutputs('again')).map(textOf).at(-1)).toBe('48');
  await notebook.runCell('local');
  expect((await notebook.savedOutputs('local')).map(textOf)).toEqual(['75']);
  await notebook.runCell('mistake');
  expect(textOf((await notebook.savedOutputs('mistake'))[0])).toContain(
    'area.local('
  );
  await takePicture(page, 'output');
});

test('the endpoint selector edits the magic line', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'selector.ipynb',
    notebookOf([{ id: 'cell', source: '%%compute -e elsewhere --body\n1 + 1' }])
  );
  const cell = await notebook.cell('cell');
  const selector = cell.getByRole('button', { name: /^Endpoint:/ });
  await expect(selector).toHaveAccessibleName(
    'Endpoint: elsewhere (unknown), status unknown'
  );
  await selector.click();
  await page.getByRole('option', { name: /This computer/ }).click();
  await expect(cell.locator('.cm-line').first()).toHaveText(
    '%%compute -e "This computer" --body'
  );
  await cell.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(cell.locator('.jp-OutputArea-output').last()).toHaveText('2');
});

test('Run on endpoint makes a plain cell a compute cell', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'toolbar.ipynb',
    notebookOf([
      {
        id: 'cell',
        source:
          '# one\n# two\n# three\n# four\n# five\nsum(range(10))\n# seven\n# eight'
      }
    ])
  );
  await notebook.select('cell');
  const cell = await notebook.cell('cell');
  await cell
    .getByRole('button', { name: /Run (this cell )?on (an )?endpoint/ })
    .click();
  await expect(cell.locator('.cm-line').first()).toHaveText('%%compute');
  await expect(cell.locator('.jp-OutputArea-output').last()).toHaveText('45');
});

test('opening a notebook submits nothing', async ({ page }) => {
  const posts: string[] = [];
  page.on('request', request => {
    if (
      request.method() === 'POST' &&
      request.url().includes('/globus-compute/')
    ) {
      posts.push(request.url());
    }
  });
  const notebook = await NotebookPage.open(
    page,
    'opened.ipynb',
    notebookOf([{ id: 'cell', source: '%%compute\n1 + 1' }])
  );
  const cell = await notebook.cell('cell');
  await expect(cell.locator('.jp-GlobusCompute-cellBar')).toContainText(
    'This computer'
  );
  expect(posts).toEqual([]);
});
