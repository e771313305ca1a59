import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect, test } from '@playwright/test';

import { takePicture } from '../look';
import { NotebookPage, notebookOf, textOf } from '../notebook';

const AREA = 'def area(r):\n    return 3 * r * r';

test('defaults of a notebook hold until its kernel restarts', async ({
  page
}) => {
  const notebook = await NotebookPage.open(
    page,
    'defaults.ipynb',
    notebookOf([
      { id: 'config', source: '%compute_config --quiet --args 4' },
      { id: 'area', source: `%%compute\n${AREA}` },
      { id: 'own', source: `%%compute --args 5\n${AREA}` },
      { id: 'wrong', source: '%compute_config --oops' }
    ])
  );
  await notebook.runAll();
  expect((await notebook.savedOutputs('config')).map(textOf)).toEqual([
    'Every cell: %%compute --quiet --args=4\n'
  ]);
  expect((await notebook.savedOutputs('area')).map(textOf)).toEqual(['48']);
  expect((await notebook.savedOutputs('own')).map(textOf)).toEqual(['75']);
  expect((await notebook.savedOutputs('wrong'))[0].evalue).toContain(
    'no option --oops'
  );
});

test('a batch comes back by its name', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'again.ipynb',
    notebookOf([
      {
        id: 'areas',
        source: `%%compute --name "my areas"\n${AREA}\n\n[area(r) for r in range(3)]`
      },
      { id: 'again', source: '%compute_result "my areas"' },
      {
        id: 'bound',
        source: '%compute_result "my areas" -o areas\nprint(sum(areas))'
      },
      { id: 'none', source: '%compute_result nothing' }
    ])
  );
  await notebook.runAll();
  const again = await notebook.savedOutputs('again');
  expect(again.map(textOf).at(-1)).toBe('[0, 3, 12]');
  await expect(
    (await notebook.cell('again')).locator('.jp-GlobusCompute-card')
  ).toContainText('my areas');
  expect((await notebook.savedOutputs('bound')).map(textOf).at(-1)).toBe(
    '15\n'
  );
  expect((await notebook.savedOutputs('none'))[0].evalue).toContain(
    'There is no batch "nothing". Known batches: my areas'
  );
  await takePicture(page, 'compute-result');
});

test('a task that fails is tried again', async ({ page }) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'attempts-'));
  const notebook = await NotebookPage.open(
    page,
    'retries.ipynb',
    notebookOf([
      {
        id: 'flaky',
        source: [
          '%%compute --retries 2',
          'def flaky(x):',
          '    import os, tempfile',
          `    tries = len(os.listdir(${JSON.stringify(folder)}))`,
          `    tempfile.mkstemp(dir=${JSON.stringify(folder)})`,
          '    if tries < 2:',
          '        raise ValueError(f"attempt {tries + 1}")',
          '    return x',
          '',
          'flaky(7)'
        ].join('\n')
      }
    ])
  );
  await notebook.runCell('flaky');
  const outputs = await notebook.savedOutputs('flaky');
  expect(outputs.map(textOf).at(-1)).toBe('7');
  const [card] = outputs;
  expect(JSON.stringify(card.data)).toContain('"attempts":3');
  rmSync(folder, { recursive: true });
});

test('a function registered with one cell is called by its id', async ({
  page
}) => {
  const notebook = await NotebookPage.open(
    page,
    'function.ipynb',
    notebookOf([
      {
        id: 'register',
        source: `%%compute --register-only --public --description "An area"\n${AREA}\n\narea(2)`
      },
      { id: 'use', source: '' },
      {
        id: 'unknown',
        source:
          '%%compute -f area=00000000-0000-4000-8000-000000000000\narea(2)'
      }
    ])
  );
  await notebook.runCell('register');
  const [registered, ...rest] = await notebook.savedOutputs('register');
  const id = /function ([0-9a-f-]{36})/.exec(textOf(registered))?.[1] ?? '';
  expect(rest.map(textOf).join('')).not.toContain('12');
  const use = await notebook.cell('use');
  await use
    .locator('.cm-content')
    .fill(`%%compute -f distant=${id}\ndistant(3) + 1`);
  await notebook.runCell('use');
  expect((await notebook.savedOutputs('use')).map(textOf).at(-1)).toBe('28');
  await notebook.runCell('unknown');
  const [refused] = await notebook.savedOutputs('unknown');
  expect(refused.evalue).toContain('the service has no function with that id');
});

test('a function that was registered is known after a reload', async ({
  page
}) => {
  const notebook = await NotebookPage.open(
    page,
    'registered.ipynb',
    notebookOf([
      {
        id: 'register',
        source:
          '%%compute --register-only\ndef remembered(x):\n    return x + 1'
      }
    ])
  );
  await notebook.runCell('register');
  const [registered] = await notebook.savedOutputs('register');
  expect(textOf(registered)).toContain('remembered is registered');
  const again = await NotebookPage.reopen(page, 'registered.ipynb');
  await again.command('globus-compute:show-panel');
  const functions = page
    .locator('.jp-GlobusCompute-panel')
    .getByRole('list', { name: 'Functions' });
  const entry = functions.getByRole('button', { name: /^remembered/ }).first();
  await entry.click();
  await expect(functions.getByRole('region', { name: 'Source' })).toContainText(
    'return x + 1'
  );
});

test('a dry run shows what would be sent, and sends nothing', async ({
  page
}) => {
  const submits: string[] = [];
  page.on('request', request => {
    if (request.method() === 'POST' && /submit|functions/.test(request.url())) {
      submits.push(request.url());
    }
  });
  const notebook = await NotebookPage.open(
    page,
    'dry.ipynb',
    notebookOf([
      {
        id: 'dry',
        source: `%%compute --dry-run\n${AREA}\n\nareas = [area(r) for r in range(5)]`
      },
      {
        id: 'local',
        source: `%%compute --local\n${AREA}\n\nprint("here")\narea(2)`
      }
    ])
  );
  await notebook.runAll();
  const [report] = await notebook.savedOutputs('dry');
  expect(textOf(report)).toContain('Nothing was sent');
  expect(textOf(report)).toMatch(/calls +5, /);
  expect(textOf(report)).toContain('return 3 * r * r');
  expect((await notebook.savedOutputs('local')).map(textOf)).toEqual([
    'here\n',
    '12'
  ]);
  expect(submits).toEqual([]);
  await takePicture(page, 'dry-run');
});

test('a grid of calls gives a table', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'over.ipynb',
    notebookOf([
      { id: 'values', source: 'bs = [10, 20]' },
      {
        id: 'over',
        source:
          '%%compute --over a=range(3) --over b=bs -o table\ndef product(a, b):\n    return a * b'
      },
      { id: 'use', source: '[len(table), list(table["result"])]' }
    ])
  );
  await notebook.runAll();
  expect((await notebook.savedOutputs('use')).map(textOf)).toEqual([
    '[6, [0, 0, 10, 20, 20, 40]]'
  ]);
});
