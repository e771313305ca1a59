import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Page } from '@playwright/test';
import { expect, test } from '@playwright/test';

import { Lab } from '../lab';
import { setTheme, takePicture } from '../look';
import { exampleNotebook, NotebookPage } from '../notebook';
import { ownServer } from '../server';

const PYTHON = path.resolve(__dirname, '../../.venv/bin/python');

const MIME = 'application/vnd.globus-compute.batch+json';

/** What the example leaves in its outputs. */
const RESULTS = [
  'Hello Bob Smith',
  '[0, 2, 4, 6, 8]',
  'points: 200',
  'dividing 1 by 0',
  'line 4, in divide'
];

/** An output as a file has it. */
interface IOutput {
  readonly data?: Record<string, unknown>;
}

interface INotebook {
  readonly cells: readonly { readonly outputs?: readonly IOutput[] }[];
}

/** Run the example, and return its file as it is handed on. */
async function runExample(page: Page): Promise<INotebook> {
  const notebook = await NotebookPage.open(
    page,
    'shared.ipynb',
    exampleNotebook('hello.ipynb')
  );
  await notebook.runAll();
  await notebook.savedOutputs('error');
  // The file itself: what the server answers says that it is trusted here.
  const file = path.join(ownServer().home, 'notebooks', 'shared.ipynb');
  return JSON.parse(readFileSync(file, 'utf8')) as INotebook;
}

/** Convert a notebook where there is no account, service or extension. */
function convert(content: unknown): string {
  const home = mkdtempSync(path.join(tmpdir(), 'elsewhere-'));
  try {
    writeFileSync(path.join(home, 'shared.ipynb'), JSON.stringify(content));
    execFileSync(
      PYTHON,
      ['-I', '-m', 'nbconvert', '--to', 'html', 'shared.ipynb'],
      {
        cwd: home,
        stdio: 'pipe',
        env: {
          PATH: process.env.PATH,
          HOME: home,
          JUPYTER_CONFIG_DIR: path.join(home, 'config'),
          JUPYTER_DATA_DIR: path.join(home, 'data')
        }
      }
    );
    return readFileSync(path.join(home, 'shared.html'), 'utf8');
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** Every id that the cards of a notebook hold. */
function idsIn({ cells }: INotebook): string[] {
  const cards = cells.flatMap(({ outputs = [] }) =>
    outputs.flatMap(({ data }) => (data?.[MIME] ? [data[MIME]] : []))
  );
  const ids = JSON.stringify(cards).match(
    /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
  );
  return [...new Set(ids)];
}

test('a notebook made here shows everything elsewhere, and asks for nothing', async ({
  browser,
  page
}) => {
  test.setTimeout(240_000);
  const content = await runExample(page);
  const ids = idsIn(content);
  expect(ids.length).toBeGreaterThan(10);

  const html = convert(content);
  for (const text of RESULTS) {
    expect(html).toContain(text);
  }
  expect(html).toContain('data:image/png;base64,');
  expect(html.match(/SHA-256 of the cell <code>/g)).toHaveLength(5);

  const lab = await Lab.start();
  try {
    const context = await browser.newContext({
      baseURL: `http://127.0.0.1:${lab.port}`,
      storageState: undefined
    });
    const reader = await context.newPage();
    const requests: { method: string; url: string; body: string }[] = [];
    const messages: string[] = [];
    const notebook = await NotebookPage.open(
      reader,
      'empty.ipynb',
      { ...content, cells: [] },
      lab.url('lab')
    );
    await reader.evaluate(async content => {
      const { contents } = window.jupyterapp.serviceManager;
      await contents.save('shared.ipynb', {
        type: 'notebook',
        format: 'json',
        content
      });
    }, content as never);
    reader.on('request', request => {
      requests.push({
        method: request.method(),
        url: request.url(),
        body: request.postData() ?? ''
      });
    });
    reader.on('websocket', socket => {
      socket.on('framesent', ({ payload }) => {
        messages.push(payload.toString());
      });
    });
    await notebook.command('docmanager:open', { path: 'shared.ipynb' });
    const cards = reader.locator('.jp-GlobusCompute-card');
    await expect(cards.first()).toContainText(
      'Nothing of it runs unless you run the cell'
    );
    const shared = reader.locator('.jp-NotebookPanel:visible');
    for (const text of ['Hello Bob Smith', '[0, 2, 4, 6, 8]', 'points: 200']) {
      const output = shared.getByText(text).last();
      await output.scrollIntoViewIfNeeded();
      await expect(output).toBeVisible();
    }
    await expect(shared.locator('img[src^="data:image/png"]')).toBeVisible();
    await expect(shared.getByText('Run failed again')).toHaveCount(0);
    await takePicture(reader, 'shared-untrusted');
    await setTheme(reader, 'dark');
    await reader.setViewportSize({ width: 760, height: 700 });
    await cards.first().scrollIntoViewIfNeeded();
    await takePicture(reader, 'shared-untrusted-dark-narrow');

    const here = `http://127.0.0.1:${lab.port}/`;
    for (const { method, url, body } of requests) {
      expect(url.startsWith(here) || /^(?:data|blob):/.test(url)).toBe(true);
      if (url.includes('/globus-compute/')) {
        expect(method).toBe('GET');
      }
      for (const id of ids) {
        expect(`${url} ${body}`).not.toContain(id);
      }
    }
    expect(messages.filter(text => text.includes('execute_request'))).toEqual(
      []
    );
    await context.close();
  } finally {
    await lab.remove();
  }
});
