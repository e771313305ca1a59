import { randomUUID } from 'node:crypto';

import type { Browser, Page } from '@playwright/test';
import { expect, test } from '@playwright/test';

import { BATCH_MIME_TYPE } from '../../src/tokens';
import { Gate } from '../gate';
import { hasCollaboration, Lab } from '../lab';
import { takePicture } from '../look';
import { NotebookPage, notebookOf, textOf } from '../notebook';
import { Submits } from '../submits';

test.skip(
  !hasCollaboration(),
  'jupyter-collaboration is not there: it takes Python 3.11 or newer'
);
test.setTimeout(150_000);

/** How long it may take until the server has written a notebook. */
const SAVE_TIMEOUT_MS = 20_000;

let lab: Lab;
let gate: Gate;

test.beforeAll(async () => {
  lab = await Lab.start({ collaboration: true });
});

test.afterAll(() => lab.remove());

test.beforeEach(() => {
  gate = new Gate();
});

test.afterEach(() => {
  gate.open();
  gate.remove();
});

/** A person in a browser of their own. */
class Person {
  private constructor(
    readonly page: Page,
    readonly notebook: NotebookPage
  ) {
    this.submits = new Submits(page);
    page.on('pageerror', error => this.errors.push(error.message));
  }

  readonly submits: Submits;
  readonly errors: string[] = [];

  /** Open a notebook; the first to come brings its content. */
  static async join(
    browser: Browser,
    name: string,
    content?: unknown
  ): Promise<Person> {
    const context = await browser.newContext({
      baseURL: `http://127.0.0.1:${lab.port}`,
      storageState: undefined
    });
    const page = await context.newPage();
    // A workspace of their own: no notebook of before is opened again.
    const url = lab.url(`lab/workspaces/${randomUUID()}`);
    const notebook = content
      ? await NotebookPage.open(page, name, content, url)
      : await NotebookPage.reopen(page, name, url);
    return new Person(page, notebook);
  }

  /** What stands below the card of the slow cell, once a text is there. */
  async expectBelowCard(texts: readonly string[]): Promise<void> {
    const slow = await this.notebook.cell('slow');
    const outputs = slow.locator('.jp-OutputArea-output');
    await expect(outputs).toHaveText([/slow/, ...texts], { timeout: 60_000 });
    await expect(slow.locator('.jp-GlobusCompute-card')).toHaveCount(1);
    await expect(
      slow.locator('.jp-GlobusCompute-card').getByRole('img', { name: 'Done' })
    ).toBeVisible();
  }

  async leave(): Promise<void> {
    await this.page.context().close();
  }
}

/** The cells of a notebook whose first waits at the gate. */
function cells(): unknown {
  return notebookOf([
    {
      id: 'slow',
      source: `%%compute\ndef slow(x):\n${gate.wait}\n    return x + 1\n\ny = slow(41)\ny`
    },
    { id: 'after', source: 'y + 1' }
  ]);
}

/** Two persons with one notebook, whose first cell the first has started. */
async function startTogether(
  browser: Browser,
  name: string
): Promise<[Person, Person]> {
  const ada = await Person.join(browser, name, cells());
  const bob = await Person.join(browser, name);
  await ada.notebook.startCell('slow');
  await expect(
    (await ada.notebook.cell('slow')).getByRole('button', {
      name: 'Stop waiting'
    })
  ).toBeVisible();
  for (const { notebook } of [ada, bob]) {
    const slow = await notebook.cell('slow');
    await expect(
      slow.locator('.jp-GlobusCompute-card').getByRole('img', {
        name: 'Running'
      })
    ).toBeVisible();
  }
  return [ada, bob];
}

/** The file has the card, which has come to its end, and those texts. */
async function expectSaved(
  name: string,
  texts: readonly string[]
): Promise<void> {
  // The server may be writing the file when it is read.
  await expect(() => {
    const outputs = lab.savedOutputs(name, 'slow');
    const data = outputs.at(0)?.data?.[BATCH_MIME_TYPE] as
      { state: string } | undefined;
    const saved = [data?.state, ...outputs.slice(1).map(textOf)];
    expect(saved, `outputs in the file ${name}`).toEqual(['done', ...texts]);
  }).toPass({ timeout: SAVE_TIMEOUT_MS });
}

test('two persons see one result, written once', async ({ browser }) => {
  const name = 'together.ipynb';
  const [ada, bob] = await startTogether(browser, name);
  gate.open();
  for (const person of [ada, bob]) {
    await person.expectBelowCard(['42']);
  }
  await takePicture(bob.page, 'collaboration');
  await expectSaved(name, ['42']);

  await test.step('the other one runs it again', async () => {
    await bob.notebook.runCell('slow');
    await bob.notebook.runCell('after');
    for (const person of [ada, bob]) {
      await person.expectBelowCard(['42']);
      await expect(
        (await person.notebook.cell('after')).locator('.jp-OutputArea-output')
      ).toHaveText('43');
    }
    await expectSaved(name, ['42']);
  });
  expect([ada.submits.count, bob.submits.count]).toEqual([1, 1]);
  expect([...ada.errors, ...bob.errors]).toEqual([]);
  await Promise.all([ada.leave(), bob.leave()]);
});

test('who stays gets the result of who left', async ({ browser }) => {
  const name = 'left.ipynb';
  const [ada, bob] = await startTogether(browser, name);
  await ada.leave();
  gate.open();
  await bob.expectBelowCard(['42']);
  await expectSaved(name, ['42']);
  expect(bob.submits.count).toBe(0);
  await bob.leave();
});

test('what a cell prints between two waits is where it was printed', async ({
  browser
}) => {
  const name = 'between.ipynb';
  const content = notebookOf([
    {
      id: 'slow',
      source: [
        '%%compute',
        'def slow(x):',
        '    print("there", x)',
        '    return x + 1',
        '',
        'print("begins")',
        'a = slow(1)',
        'print("a is", a)',
        'b = slow(a)',
        'b'
      ].join('\n')
    }
  ]);
  const ada = await Person.join(browser, name, content);
  const bob = await Person.join(browser, name);
  await ada.notebook.runCell('slow');
  const printed = 'begins\nthere 1\na is 2\nthere 2\n';
  for (const person of [ada, bob]) {
    await person.expectBelowCard([printed, '3']);
  }
  await expectSaved(name, [printed, '3']);
  await Promise.all([ada.leave(), bob.leave()]);
});
