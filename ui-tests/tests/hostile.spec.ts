import type { Page, WebSocket } from '@playwright/test';
import { expect, test } from '@playwright/test';

import { takePicture } from '../look';
import { NotebookPage } from '../notebook';

const MIME = 'application/vnd.globus-compute.batch+json';

/** Ids that are not ours; no request may name them. */
const FORGED = [1, 2, 3, 4, 5].map(
  digit => `${String(digit).repeat(8)}-dead-4bad-8bad-${'0'.repeat(12)}`
);
const [BATCH, GROUP, FUNCTION, ENDPOINT, TASK] = FORGED;

/** Text that does something wherever it is taken for more than text. */
const EVIL = [
  '<img src="https://evil.example/leak.png" onerror="window.hacked = 1">',
  '<script>window.hacked = 2</script>',
  '<svg onload="window.hacked = 3"></svg>',
  '<a href="javascript:window.hacked=4">click</a>',
  '<iframe src="https://evil.example/frame"></iframe>',
  '<style>@import url(https://evil.example/style.css)</style>'
].join('');

/** A card with that text in every place that takes some. */
function forgedCard(state: string): Record<string, unknown> {
  const failure = {
    type: EVIL,
    message: EVIL,
    traceback: EVIL,
    frame: { line: 1, name: EVIL, source: EVIL }
  };
  return {
    version: 1,
    id: BATCH,
    title: EVIL,
    state,
    service: `../../../api/contents/${EVIL}`,
    endpoint: { id: ENDPOINT, name: EVIL },
    taskGroupId: GROUP,
    functionIds: [FUNCTION],
    created: 1_700_000_000,
    counts: { total: 2, waiting: 0, running: 1, done: 0, failed: 1 },
    tasks: [
      {
        index: 0,
        id: TASK,
        label: EVIL,
        state: 'failed',
        line: 1,
        attempts: 2,
        failure
      },
      { index: 1, id: TASK, label: EVIL, state: 'running' }
    ],
    pythonVersion: EVIL,
    note: EVIL
  };
}

function hostileNotebook(): unknown {
  const cards: unknown[] = [
    ...['sending', 'waiting', 'running', 'done', 'failed', 'problem'].map(
      forgedCard
    ),
    EVIL,
    [EVIL],
    { ...forgedCard('done'), version: 99 },
    { ...forgedCard('done'), tasks: EVIL, counts: { [EVIL]: EVIL } },
    { ...forgedCard('done'), __proto__: { polluted: true } }
  ];
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: {
        name: 'python3',
        display_name: 'Python 3 (ipykernel)',
        language: 'python'
      },
      language_info: { name: 'python' }
    },
    cells: cards.map((card, at) => ({
      cell_type: 'code',
      id: `cell-${at}`,
      source: `%%compute -e "${EVIL.replaceAll('"', "'")}" -f f=${FUNCTION}\nimport os; os.abort()`,
      metadata: { 'globus-compute': card },
      execution_count: 1,
      outputs: [
        {
          output_type: 'display_data',
          metadata: { [MIME]: { run: EVIL } },
          // Without text/html: JupyterLab's own readers of that (its table of
          // contents) load the pictures in it, as they do in any notebook.
          data: { [MIME]: card, 'text/plain': EVIL }
        }
      ]
    }))
  };
}

/** What leaves a page: requests, and messages on its web sockets. */
class Leaving {
  constructor(page: Page) {
    page.on('request', request => {
      this.requests.push({
        method: request.method(),
        url: request.url(),
        body: request.postData() ?? ''
      });
    });
    page.on('websocket', (socket: WebSocket) => {
      socket.on('framesent', ({ payload }) => {
        this.messages.push(payload.toString());
      });
    });
  }

  readonly requests: { method: string; url: string; body: string }[] = [];
  readonly messages: string[] = [];
}

test('a hostile notebook does nothing when it is opened, scrolled and trusted', async ({
  page,
  baseURL
}) => {
  const errors: string[] = [];
  page.on('pageerror', error => errors.push(error.message));
  // The file is there before anybody watches: to save it is not to open it.
  const empty = await NotebookPage.open(
    page,
    'hostile.ipynb',
    hostileNotebook()
  );
  await empty.command('application:close');
  const leaving = new Leaving(page);
  await page.goto('/lab/tree/hostile.ipynb?reset');
  await page.waitForFunction(() => 'jupyterapp' in window);
  await page.evaluate(() => window.jupyterapp.restored.then(() => null));
  await empty.waitForKernel();
  const cards = page.locator('.jp-GlobusCompute-card');
  await expect(cards.first()).toBeVisible();

  const cells = await page.evaluate(() => {
    const panel = window.jupyterapp.shell.currentWidget as unknown as {
      content: { widgets: unknown[] };
    };
    return panel.content.widgets.length;
  });
  for (let at = 0; at < cells; at += 1) {
    await empty.select(`cell-${at}`);
    await expect(
      (await empty.cell(`cell-${at}`)).locator('.jp-OutputArea-output')
    ).not.toHaveCount(0);
  }
  await takePicture(page, 'hostile');
  await empty.startCommand('notebook:trust');
  await page
    .locator('.jp-Dialog')
    .getByRole('button', { name: 'Trust' })
    .click();
  await expect(page.locator('.jp-Dialog')).toHaveCount(0);
  // Drawn once more, now as a trusted notebook's.
  await page.waitForFunction(() => {
    const panel = window.jupyterapp.shell.currentWidget as unknown as {
      content: { widgets: { model: { trusted: boolean } }[] };
      context: { model: { dirty: boolean } };
    };
    return (
      !panel.context.model.dirty &&
      panel.content.widgets.every(({ model }) => model.trusted)
    );
  });
  await page.reload();
  await page.waitForFunction(() => 'jupyterapp' in window);
  await empty.waitForKernel();
  for (let at = 0; at < cells; at += 1) {
    await empty.select(`cell-${at}`);
  }
  await expect(cards.first()).toBeVisible();

  const foreign = leaving.requests.filter(
    ({ url }) =>
      !url.startsWith(baseURL ?? '') && !/^(?:data|blob|about):/.test(url)
  );
  expect(foreign).toEqual([]);
  // Saving the notebook is the only request that may hold its text.
  const others = leaving.requests.filter(
    ({ method, url }) => !(method === 'PUT' && url.includes('api/contents'))
  );
  for (const { url, body } of others) {
    for (const id of FORGED) {
      expect(`${url} ${body}`).not.toContain(id);
    }
  }
  const ours = others.filter(({ url }) => url.includes('/globus-compute/'));
  expect(ours.filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(
    leaving.messages.filter(message =>
      /execute_request|comm_open|complete_request|os\.abort/.test(message)
    )
  ).toEqual([]);
  for (const id of FORGED) {
    expect(leaving.messages.join('\n')).not.toContain(id);
  }
  expect(
    await page.evaluate(() => [
      (window as unknown as { hacked?: number }).hacked,
      ({} as { polluted?: boolean }).polluted
    ])
  ).toEqual([undefined, undefined]);
  expect(
    await page
      .locator(
        '.jp-Notebook .jp-OutputArea-output :is(script, iframe, style, img[src^="https://evil"], [onerror], [onload], a[href^="javascript"])'
      )
      .count()
  ).toBe(0);
  expect(errors).toEqual([]);
});
