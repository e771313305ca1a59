import { expect, test } from '@playwright/test';

import { Cloud, ENDPOINTS, IDENTITIES } from '../cloud/cloud';
import { Received } from '../cloud/received';
import { showPanel } from '../cloud/signIn';
import {
  countSubmissions,
  printedBy,
  squares,
  submittedSince
} from '../cloud/squares';
import { Gate } from '../gate';
import { Lab } from '../lab';
import { takePicture } from '../look';
import { NotebookPage, notebookOf } from '../notebook';

// A JupyterLab whose server's environment has the id and secret of a client.
test.use({ storageState: { cookies: [], origins: [] } });

let cloud: Cloud;
let lab: Lab;
let gate: Gate;

test.beforeAll(async () => {
  cloud = await Cloud.start();
  const { clientId, clientSecret } = cloud.facts.programClient;
  lab = await Lab.start({
    settings: {
      ServerApp: { log_level: 'DEBUG' },
      GlobusComputeExtension: {
        globus_urls: cloud.urls,
        default_service: 'cloud'
      }
    },
    env: {
      GLOBUS_COMPUTE_CLIENT_ID: clientId,
      GLOBUS_COMPUTE_CLIENT_SECRET: clientSecret
    }
  });
});

test.afterAll(async () => {
  await lab.remove();
  await cloud.remove();
});

test.beforeEach(() => {
  gate = new Gate();
});

test.afterEach(() => {
  gate.open();
  gate.remove();
});

test('a client works without a sign-in, and goes on when its token ends', async ({
  context,
  page
}) => {
  const received = new Received(`http://127.0.0.1:${lab.port}/`);
  received.watch(context);
  const notebook = await NotebookPage.open(
    page,
    'nightly.ipynb',
    notebookOf([squares(gate, 'nightly', 'nightly', 10)]),
    lab.url('lab')
  );
  const before = await countSubmissions(cloud);
  await notebook.startCell('nightly');
  await expect.poll(() => countSubmissions(cloud)).toBe(before + 1);
  await cloud.endAccessTokens();
  gate.open();
  await expect
    .poll(() => printedBy(notebook, 'nightly'), { timeout: 60_000 })
    .toBe('285\n');
  const submissions = await submittedSince(cloud, before);
  expect(submissions).toMatchObject([
    { identity: IDENTITIES.program, endpoint: ENDPOINTS.nightly }
  ]);
  expect(new Set(await cloud.grants())).toEqual(
    new Set(['client_credentials'])
  );

  await showPanel(page);
  const panel = page.locator('#jp-globus-compute-panel');
  await expect(
    panel.getByRole('button', { name: 'Sign in', exact: true })
  ).toHaveCount(0);
  await panel.getByRole('button', { name: /^Account/ }).click();
  await expect(panel).toContainText('GLOBUS_COMPUTE_CLIENT_ID');
  await takePicture(page, 'sign-in-client');

  await received.keepPage(page);
  received.keepFiles(lab.home, file => !file.startsWith(lab.loginFolder));
  const { clientSecret } = cloud.facts.programClient;
  expect(
    await received.find([...(await cloud.issued()), clientSecret])
  ).toEqual([]);
  expect(received.unreadable).toEqual([]);
});
