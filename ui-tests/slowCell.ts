import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';

import type { Gate } from './gate';
import type { ISavedOutput } from './notebook';
import { NotebookPage, notebookOf, textOf } from './notebook';

/** The text of a cell that waits at the gate, prints and returns 42. */
const slow = (gate: Gate): string =>
  `%%compute\ndef slow(x):\n${gate.wait}\n    print("from there")\n    return x + 1\n\ny = slow(41)\nprint("after", y)`;

/** Submit the slow cell of a new notebook and save it while it waits. */
export async function submitSlow(
  page: Page,
  gate: Gate,
  name: string,
  url?: string
): Promise<NotebookPage> {
  const cells = [
    { id: 'slow', source: slow(gate) },
    { id: 'after', source: '"after"' }
  ];
  const notebook = await NotebookPage.open(page, name, notebookOf(cells), url);
  await notebook.startCell('slow');
  const cell = await notebook.cell('slow');
  await expect(
    cell.getByRole('button', { name: 'Stop waiting' })
  ).toBeVisible();
  await expect(cell.locator('.jp-GlobusCompute-card')).toBeVisible();
  await notebook.command('docmanager:save');
  return notebook;
}

/** Wait until the vault says that the newest batch of a notebook is done. */
export async function expectDone(
  page: Page,
  name: string,
  baseUrl = '/'
): Promise<void> {
  await expect
    .poll(
      async () => {
        const path = `${baseUrl}globus-compute/batches?limit=1&notebook=${encodeURIComponent(name)}`;
        const answer = await page.request.get(path);
        const { batches } = (await answer.json()) as {
          batches: { state: string }[];
        };
        return batches.at(0)?.state;
      },
      { message: 'state of the batch in the vault' }
    )
    .toBe('done');
}

/**
 * What the slow cell shows once its late results have landed. A page that
 * died keeps its claim on them for half a minute.
 */
export async function expectLanded(notebook: NotebookPage): Promise<void> {
  const cell = await notebook.cell('slow');
  await expect(cell.locator('.jp-OutputArea')).toContainText('from there', {
    timeout: 50_000
  });
  await expect(cell.locator('.jp-OutputArea')).toContainText('42');
  const outputs = await notebook.savedOutputs('slow');
  expect(textsBelowCard(outputs)).toEqual(['from there\n', '42']);
  const card = cell.locator('.jp-GlobusCompute-card');
  await expect(card).toContainText('These results came after');
}

function textsBelowCard([card, ...others]: ISavedOutput[]): string[] {
  expect(card.data).toHaveProperty([
    'application/vnd.globus-compute.batch+json'
  ]);
  return others.map(textOf);
}
