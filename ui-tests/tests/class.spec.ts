import { readFileSync } from 'node:fs';
import path from 'node:path';

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test } from '@playwright/test';

import { setTheme, takePicture } from '../look';
import { ownServer } from '../server';
import { NotebookPage, notebookOf, textOf } from '../notebook';
import { readService } from '../service';

/** Ids of somebody else's; no request may name them before they are accepted. */
const ENDPOINT = '11111111-dead-4bad-8bad-000000000000';
const FUNCTION = '22222222-dead-4bad-8bad-000000000000';
const GROUP = '33333333-dead-4bad-8bad-000000000000';
const CLASS = '44444444-dead-4bad-8bad-000000000000';

const SQUARE = 'def square(x):\n    return x * x\n';

/** A class file that names an endpoint of somebody else. */
function foreignClass(changes: Record<string, unknown> = {}): string {
  const content = {
    version: 1,
    id: CLASS,
    title: 'Astronomy 101',
    contact: 'Room 4, Tuesdays',
    service: 'local',
    endpoint: { id: ENDPOINT, name: 'Midway', owner: 'The university' },
    group: { id: GROUP, name: 'Astronomy students' },
    functions: [{ name: 'square', id: FUNCTION, source: SQUARE }],
    python: '3.10',
    limits: { tasks: 3, payloadBytes: 4096, walltimeSeconds: 60 },
    ...changes
  };
  return JSON.stringify(content, null, 2);
}

/** Put a class file into a folder of the server. */
async function saveClass(
  page: Page,
  folder: string,
  content: string
): Promise<void> {
  await page.evaluate(
    async ([folder, content]) => {
      const { contents } = window.jupyterapp.serviceManager;
      await contents.save(folder, { type: 'directory' }).catch(() => undefined);
      await contents.save(`${folder}/class.compute.json`, {
        type: 'file',
        format: 'text',
        content
      });
    },
    [folder, content] as const
  );
}

/** Open a notebook in a folder that has a class file. */
async function openClass(
  page: Page,
  folder: string,
  content: string,
  cells: readonly { id: string; source: string }[]
): Promise<NotebookPage> {
  await page.goto('/lab?reset');
  await page.waitForFunction(() => 'jupyterapp' in window);
  await page.evaluate(() => window.jupyterapp.restored.then(() => null));
  await saveClass(page, folder, content);
  return NotebookPage.open(page, `${folder}/a.ipynb`, notebookOf(cells));
}

/** What leaves the page. */
function record(page: Page): { method: string; url: string; body: string }[] {
  const requests: { method: string; url: string; body: string }[] = [];
  page.on('request', request => {
    requests.push({
      method: request.method(),
      url: request.url(),
      body: request.postData() ?? ''
    });
  });
  return requests;
}

const notice = (page: Page) => page.locator('.jp-GlobusCompute-classNotice');
const dialog = (page: Page) => page.locator('.jp-Dialog');

async function accept(page: Page): Promise<void> {
  await notice(page).getByRole('button', { name: 'Look at it…' }).click();
  await dialog(page).getByRole('button', { name: 'Accept' }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect(notice(page)).toBeHidden();
}

test('nothing of a foreign class file is sent before it is accepted', async ({
  page,
  baseURL
}) => {
  const requests = record(page);
  const notebook = await openClass(page, 'foreign', foreignClass(), [
    {
      id: 'own',
      source: '%%compute\ndef twice(x):\n    return 2 * x\nprint(twice(4))'
    },
    { id: 'theirs', source: '%%compute\nprint(square(3))' }
  ]);
  await expect(notice(page)).toContainText('“Astronomy 101”');
  await takePicture(page, 'class-notice');

  // Looking at it, and at what is missing, is not accepting it.
  await notice(page).getByRole('button', { name: 'Look at it…' }).click();
  await expect(dialog(page)).toContainText('The university');
  await expect(dialog(page)).toContainText('nothing of it was looked up');
  await takePicture(page, 'class-dialog');
  const { violations } = await new AxeBuilder({ page })
    .include('.jp-Dialog')
    .analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes[0].html])).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(notice(page)).toBeHidden();
  await notebook.startCommand('globus-compute:check-readiness');
  await expect(dialog(page)).toContainText('is not accepted');
  await takePicture(page, 'class-readiness');
  await dialog(page).getByRole('button', { name: 'Close' }).click();

  // Cells run as if it were not there.
  await notebook.runCell('own');
  const [, printed] = await notebook.savedOutputs('own');
  expect(textOf(printed)).toBe('8\n');
  await notebook.runCell('theirs');
  const outputs = await notebook.savedOutputs('theirs');
  expect(outputs.map(textOf).join()).toContain("'square' is not defined");

  const sent = requests.filter(
    ({ method, url }) => !(method === 'PUT' && url.includes('/api/contents/'))
  );
  expect(sent.length).toBeGreaterThan(20);
  for (const { method, url, body } of sent) {
    expect(url.startsWith(baseURL ?? '') || /^(?:data|blob):/.test(url)).toBe(
      true
    );
    for (const id of [ENDPOINT, FUNCTION, GROUP, CLASS]) {
      expect(`${method} ${url} ${body}`).not.toContain(id);
    }
  }
  // Nor has the service met any of it.
  expect(readService().endpoint_id).not.toBe(ENDPOINT);
});

test('an accepted class sets defaults, shows them, and asks again when it changes', async ({
  page
}) => {
  const notebook = await openClass(page, 'accepted', foreignClass(), [
    { id: 'theirs', source: '%%compute\nprint(square(3))' }
  ]);
  await accept(page);
  const bar = (await notebook.cell('theirs')).locator(
    '.jp-GlobusCompute-cellBar'
  );
  // The endpoint is nobody's here: the same cell runs on this computer.
  await expect(bar).toContainText('class: on this computer');
  await expect(bar).toContainText('This computer');
  await notebook.runCell('theirs');
  const outputs = await notebook.savedOutputs('theirs');
  expect(outputs.map(textOf).join('\n')).toContain('9\n');
  const card = (await notebook.cell('theirs')).locator(
    '.jp-GlobusCompute-card'
  );
  await expect(card).toContainText('Runs on this computer');
  expect(textOf(outputs[0])).toContain('Runs on this computer');
  await takePicture(page, 'class-detour');

  // Remembered over pages, and outside of the folder.
  const again = await NotebookPage.reopen(page, 'accepted/a.ipynb');
  await expect(
    (await again.cell('theirs')).locator('.jp-GlobusCompute-cellBar')
  ).toContainText('class: on this computer');
  await expect(notice(page)).toBeHidden();
  const files = await page.evaluate(async () => {
    const { contents } = window.jupyterapp.serviceManager;
    const folder = await contents.get('accepted', { content: true });
    return (folder.content as { name: string }[]).map(({ name }) => name);
  });
  expect(files.sort()).toEqual(['a.ipynb', 'class.compute.json']);

  // A changed file has no effect until it is accepted again.
  await saveClass(page, 'accepted', foreignClass({ title: 'Astronomy 102' }));
  await expect(notice(page)).toContainText('has changed since you accepted it');
  await expect(
    (await again.cell('theirs')).locator('.jp-GlobusCompute-cellBar')
  ).not.toContainText('class:');
  await takePicture(page, 'class-changed');
});

test('an accepted class of this computer fills in the bar and keeps its limits', async ({
  page
}) => {
  const requests = record(page);
  const own = foreignClass({
    id: '55555555-dead-4bad-8bad-000000000000',
    endpoint: undefined,
    group: undefined,
    functions: undefined,
    limits: { tasks: 2, payloadBytes: 4096, walltimeSeconds: 1 }
  });
  const notebook = await openClass(page, 'limits', own, [
    {
      id: 'large',
      source: '%%compute\ndef size(x):\n    return len(x)\nsize("x" * 9000)'
    },
    {
      id: 'slow',
      source:
        '%%compute\ndef wait(s):\n    import time\n    time.sleep(s)\nwait(60)'
    },
    {
      id: 'many',
      source:
        '%%compute\ndef twice(x):\n    return 2 * x\n[twice(i) for i in range(2)]'
    }
  ]);
  await accept(page);
  const bar = (await notebook.cell('many')).locator(
    '.jp-GlobusCompute-cellBar'
  );
  await expect(bar).toContainText('class: -e "This computer"');
  await takePicture(page, 'class-bar');

  const submits = () =>
    requests.filter(({ url }) => url.includes('/submit')).length;
  await notebook.runCell('large');
  expect((await notebook.savedOutputs('large')).map(textOf).join()).toMatch(
    /arguments of size.* allows 4096\. Nothing was sent/
  );
  expect(submits()).toBe(0);

  // The service of this computer ends a task that runs too long.
  await notebook.runCell('slow');
  expect((await notebook.savedOutputs('slow')).map(textOf).join()).toContain(
    'longer than its walltime of 1 s'
  );
  expect(submits()).toBe(1);

  await notebook.runCell('many');
  expect((await notebook.savedOutputs('many')).map(textOf).join()).toMatch(
    /allows 2 tasks for each student; 1 were submitted before, and this cell has 2\. Nothing was sent/
  );
  expect(submits()).toBe(1);
  await takePicture(page, 'class-limit');
});

test('a teacher makes a class file from what is used', async ({ page }) => {
  await page.goto('/lab?reset');
  await page.waitForFunction(() => 'jupyterapp' in window);
  await page.evaluate(() => window.jupyterapp.restored.then(() => null));
  await page.evaluate(async () => {
    const { contents } = window.jupyterapp.serviceManager;
    await contents.save('teacher', { type: 'directory' });
  });
  const notebook = await NotebookPage.open(
    page,
    'teacher/a.ipynb',
    notebookOf([
      {
        id: 'register',
        source: '%%compute --register-only\ndef cube(x):\n    return x ** 3'
      },
      { id: 'use', source: '' }
    ])
  );
  await notebook.runCell('register');
  const registered = (await notebook.savedOutputs('register')).map(textOf);
  const id = /function ([0-9a-f-]{36})/.exec(registered.join())?.[1] ?? '';
  await page.evaluate(id => {
    const panel = window.jupyterapp.shell.currentWidget as unknown as {
      content: {
        widgets: {
          model: { sharedModel: { setSource(text: string): void } };
        }[];
      };
    };
    panel.content.widgets[1].model.sharedModel.setSource(
      `%%compute -f cube=${id}\nprint(cube(2))`
    );
  }, id);
  await notebook.runCell('use');

  await notebook.command('globus-compute:show-panel');
  await page.getByRole('button', { name: 'Make class file…' }).click();
  await expect(dialog(page)).toContainText('Make a class file');
  await takePicture(page, 'class-make');
  // The server says what is missing, and nothing is saved.
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await expect(dialog(page).getByRole('alert')).toContainText('title');
  await dialog(page).locator('#jp-GlobusCompute-class_title').fill('Cubes');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await expect(dialog(page)).toHaveCount(0);
  // It asks its maker too, once it is saved.
  await expect(notice(page)).toContainText('“Cubes”');
  const file = path.join(
    ownServer().home,
    'notebooks/teacher/class.compute.json'
  );
  const saved = JSON.parse(readFileSync(file, 'utf8')) as unknown;
  expect(saved).toMatchObject({
    version: 1,
    title: 'Cubes',
    service: 'local',
    functions: [{ name: 'cube', id }]
  });
  // It does not overwrite without asking.
  await notebook.startCommand('globus-compute:make-class-file');
  await dialog(page)
    .locator('#jp-GlobusCompute-class_title')
    .fill('Cubes again');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await expect(dialog(page)).toContainText('Replace the class file?');
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toHaveCount(0);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(saved);
});

test('notice, dialog and readiness in the dark and in a narrow window', async ({
  page
}) => {
  const notebook = await openClass(page, 'looks', foreignClass({ id: GROUP }), [
    { id: 'theirs', source: '%%compute\nprint(square(3))' }
  ]);
  await setTheme(page, 'dark');
  await page.setViewportSize({ width: 720, height: 700 });
  await takePicture(page, 'class-notice-dark-narrow');
  await notice(page).getByRole('button', { name: 'Look at it…' }).click();
  await takePicture(page, 'class-dialog-dark-narrow');
  await dialog(page).getByRole('button', { name: 'Accept' }).click();
  await expect(notice(page)).toBeHidden();
  await notebook.startCommand('globus-compute:check-readiness');
  await expect(dialog(page)).toContainText('put right');
  await takePicture(page, 'class-readiness-dark-narrow');
  const { violations } = await new AxeBuilder({ page })
    .include('.jp-Dialog')
    .analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes[0].html])).toEqual([]);
});
