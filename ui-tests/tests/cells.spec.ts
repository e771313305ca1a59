import { execFileSync } from 'node:child_process';
import path from 'node:path';

import type { Page } from '@playwright/test';
import { expect, test } from '@playwright/test';

import type { IBatchSnapshot } from '../../src/tokens';
import { BATCH_MIME_TYPE } from '../../src/tokens';
import type { ISavedOutput } from '../notebook';
import { NotebookPage, notebookOf, textOf } from '../notebook';

/** A row of the table; the head of `cells.yaml` says what its fields mean. */
interface IRow {
  readonly name: string;
  readonly group: string;
  readonly cell: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly holds: string;
  readonly shown: string;
  readonly hidden: string;
  readonly fails: string;
  readonly notes: string;
  readonly tasks: readonly string[] | null;
}

/** What a cell came to, as the saved notebook has it. */
interface IOutcome {
  readonly shown: string;
  readonly error: string;
  readonly notes: string;
  readonly tasks: readonly string[];
}

const NOTE = 'Note: ';
const ROWS = readRows();

/** Read the rows for browsers of the table that the Python tests run. */
function readRows(): readonly IRow[] {
  const root = path.resolve(__dirname, '..', '..');
  const bin = process.platform === 'win32' ? 'Scripts' : 'bin';
  const text = execFileSync(
    path.join(root, '.venv', bin, 'python'),
    ['-m', 'jupyterlab_globus_compute.tests.cells'],
    { cwd: root, encoding: 'utf8' }
  );
  return JSON.parse(text) as IRow[];
}

/** The cells of a row, in a namespace of its own. */
function cellsOf(row: IRow, at: number): { id: string; source: string }[] {
  const cells = {
    reset: '%reset -f\n%compute_config --reset',
    ...Object.fromEntries(row.before.map((text, n) => [`before-${n}`, text])),
    cell: row.cell,
    ...Object.fromEntries(row.after.map((text, n) => [`after-${n}`, text])),
    ...(row.holds === '' ? {} : { holds: row.holds })
  };
  return Object.entries(cells).map(([name, source]) => ({
    id: `row-${at}-${name}`,
    source
  }));
}

/** Read what a cell left, the failure of a task as the card tells it. */
function outcomeOf(outputs: readonly ISavedOutput[]): IOutcome {
  const shown: string[] = [];
  const errors: string[] = [];
  const notes: string[] = [];
  const tasks: string[] = [];
  for (const output of outputs) {
    const card = output.data?.[BATCH_MIME_TYPE] as IBatchSnapshot | undefined;
    if (card) {
      tasks.push(...card.tasks.map(({ label }) => label));
      const failures = card.tasks.flatMap(({ failure }) => failure ?? []);
      errors.push(
        ...failures.map(
          ({ type, message }) => `TaskFailed: ${type}: ${message}`
        )
      );
      shown.push(...failures.map(({ traceback }) => `${traceback}\n`));
    } else if (output.output_type === 'error') {
      errors.push(`${output.ename}: ${output.evalue}`);
    } else if (textOf(output).startsWith(NOTE)) {
      notes.push(textOf(output));
    } else {
      const isPicture = output.data?.['image/png'] !== undefined;
      shown.push(textOf(output), isPicture ? '[image/png]\n' : '');
    }
  }
  return {
    // As Python's `$`, which matches before a last line break, too.
    shown: shown.join('').replace(/\n$/, ''),
    error: errors[0] ?? '',
    notes: notes.join(''),
    tasks
  };
}

function expectRow(row: IRow, outcome: IOutcome): void {
  expect(outcome.error).toMatch(
    row.fails === '' ? /^$/ : new RegExp(row.fails)
  );
  expect(outcome.notes).toMatch(
    row.notes === '' ? /^$/ : new RegExp(row.notes)
  );
  expect(outcome.shown).toMatch(new RegExp(row.shown));
  if (row.hidden !== '') {
    expect(outcome.shown).not.toMatch(new RegExp(row.hidden));
  }
  if (row.tasks) {
    expect(outcome.tasks).toEqual(row.tasks);
  }
}

// One kernel runs them all, as in the other tests of the table.
let page: Page;
let notebook: NotebookPage;

test.beforeAll(async ({ browser }) => {
  page = await browser.newPage();
  notebook = await NotebookPage.open(
    page,
    'cells.ipynb',
    notebookOf(ROWS.flatMap(cellsOf))
  );
});

test.afterAll(() => page.close());

test('the table has enough rows for browsers', () => {
  expect(ROWS.length).toBeGreaterThanOrEqual(15);
});

for (const [at, row] of ROWS.entries()) {
  test(`${row.group}: ${row.name}`, async () => {
    for (const { id } of cellsOf(row, at)) {
      await notebook.runCell(id);
    }
    const id = `row-${at}-cell`;
    expectRow(row, outcomeOf(await notebook.savedOutputs(id)));
    if (row.holds !== '') {
      const held = await notebook.savedOutputs(`row-${at}-holds`);
      expect(held.map(textOf)).toEqual(['True']);
    }
    // Nothing is left running, and the bar says how it ended.
    const cell = await notebook.cell(id);
    await expect(
      cell.getByRole('button', { name: 'Run', exact: true })
    ).toBeVisible();
  });
}
