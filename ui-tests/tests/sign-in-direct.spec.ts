import { expect, test } from '@playwright/test';

import { NATIVE_CLIENT } from '../../src/sdk/auth/testing/accounts';
import { Cloud, IDENTITIES } from '../cloud/cloud';
import { Received } from '../cloud/received';
import { showPanel, signIn } from '../cloud/signIn';
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

// A JupyterLab whose server does not have the extension: the page itself
// talks to a service of another origin, with tokens that it holds.
test.use({ storageState: { cookies: [], origins: [] } });

let cloud: Cloud;
let lab: Lab;
let gate: Gate;

test.beforeAll(async () => {
  cloud = await Cloud.start();
  const { auth, compute } = cloud.facts;
  lab = await Lab.start({
    settings: {
      ServerApp: { jpserver_extensions: { jupyterlab_globus_compute: false } }
    },
    userSettings: {
      'jupyterlab-globus-compute/direct': {
        services: [
          {
            name: 'cloud',
            label: 'Globus Compute',
            url: compute,
            clientId: NATIVE_CLIENT,
            redirectUri: `${auth}/v2/web/auth-code`,
            issuer: {
              issuer: auth,
              authorizationUrl: `${auth}/v2/oauth2/authorize`,
              tokenUrl: `${auth}/v2/oauth2/token`,
              userinfoUrl: `${auth}/v2/oauth2/userinfo`,
              revocationUrl: `${auth}/v2/oauth2/token/revoke`
            }
          }
        ]
      }
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

test('works with a service that lets pages of this origin talk to it', async ({
  context,
  page
}) => {
  const origin = `http://127.0.0.1:${lab.port}`;
  await cloud.set({ cors_origin: origin });
  const received = new Received(`${origin}/`);
  received.watch(context);
  const notebook = await NotebookPage.open(
    page,
    'direct.ipynb',
    notebookOf([squares(gate, 'adas-cluster', 'direct', 3)]),
    lab.url('lab')
  );
  gate.open();
  const before = await countSubmissions(cloud);
  await notebook.startCell('direct');
  const cell = await notebook.cell('direct');
  await expect(cell.getByRole('alert')).toHaveCount(1);
  await signIn(page, () =>
    cell.getByRole('button', { name: 'Sign in', exact: true }).click()
  );
  await expect
    .poll(() => printedBy(notebook, 'direct'), { timeout: 60_000 })
    .toBe('5\n');
  expect(await submittedSince(cloud, before)).toMatchObject([
    { identity: IDENTITIES.person }
  ]);

  // Tokens are in the page's memory, and nowhere else.
  await received.keepPage(page);
  received.keepFiles(lab.home, () => true);
  const issued = await cloud.issued();
  expect(issued.length).toBeGreaterThan(2);
  expect(await received.find(issued)).toEqual([]);
  expect(await cloud.alive()).not.toEqual([]);

  // Loading the page again forgets them.
  await page.reload();
  await showPanel(page);
  await expect(
    page
      .locator('#jp-globus-compute-panel')
      .getByRole('button', { name: 'Sign in', exact: true })
      .first()
  ).toBeVisible();
});

test('says once what is wrong with a service that does not', async ({
  page
}) => {
  await cloud.set({ cors_origin: null });
  const notebook = await NotebookPage.open(
    page,
    'refused.ipynb',
    notebookOf([squares(gate, 'adas-cluster', 'refused', 3)]),
    lab.url('lab')
  );
  gate.open();
  const before = await countSubmissions(cloud);
  await showPanel(page);
  await signIn(page, () =>
    page
      .locator('#jp-globus-compute-panel')
      .getByRole('button', { name: 'Sign in', exact: true })
      .first()
      .click()
  );
  await notebook.runCell('refused');
  await takePicture(page, 'sign-in-no-cors');
  const outputs = await notebook.savedOutputs('refused');
  expect(outputs).toMatchObject([{ output_type: 'error' }]);
  expect(outputs[0].evalue).toContain('could not reach');
  expect(outputs[0].evalue).toContain('CORS');
  expect(await countSubmissions(cloud)).toBe(before);
});
