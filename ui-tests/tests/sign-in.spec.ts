import { writeFileSync } from 'node:fs';
import path from 'node:path';

import type { Locator, Page } from '@playwright/test';
import { expect, test } from '@playwright/test';

import { Cloud, ENDPOINTS, IDENTITIES } from '../cloud/cloud';
import { Received } from '../cloud/received';
import {
  ensureSignedIn,
  ensureSignedOut,
  readCode,
  showPanel,
  signIn
} from '../cloud/signIn';
import {
  countSubmissions,
  printedBy,
  squares,
  submittedSince
} from '../cloud/squares';
import { runTerminal } from '../cloud/terminal';
import { Gate } from '../gate';
import { Lab } from '../lab';
import { setTheme, takePicture } from '../look';
import type { ICellText } from '../notebook';
import { NotebookPage, notebookOf } from '../notebook';

// A JupyterLab whose Globus is on this computer: a real OpenID provider, and
// a service that asks it about every token. The last test looks for the
// tokens of all the others.
test.use({ storageState: { cookies: [], origins: [] } });

let cloud: Cloud;
let lab: Lab;
let received: Received;
let gate: Gate;

test.beforeAll(async () => {
  cloud = await Cloud.start();
  lab = await Lab.start({
    settings: {
      ServerApp: { log_level: 'DEBUG' },
      GlobusComputeExtension: {
        globus_urls: cloud.urls,
        default_service: 'cloud'
      }
    }
  });
  received = new Received(`http://127.0.0.1:${lab.port}/`);
});

test.afterAll(async () => {
  await lab.remove();
  await cloud.remove();
});

test.beforeEach(({ context }) => {
  received.watch(context);
  gate = new Gate();
});

test.afterEach(async ({ context }) => {
  gate.open();
  gate.remove();
  await cloud.set({ requirements: null });
  await received.finish(context);
});

function open(page: Page, name: string, cells: ICellText[]) {
  return NotebookPage.open(page, name, notebookOf(cells), lab.url('lab'));
}

function panelOf(page: Page): Locator {
  return page.locator('#jp-globus-compute-panel');
}

async function signInByPanel(page: Page): Promise<void> {
  await showPanel(page);
  await signIn(
    page,
    () =>
      panelOf(page)
        .getByRole('button', { name: 'Sign in', exact: true })
        .first()
        .click(),
    () => takePicture(page, 'sign-in-code')
  );
}

test('signs in with a code and runs a cell', async ({ page }) => {
  await ensureSignedOut(lab);
  const notebook = await open(page, 'first.ipynb', [
    squares(gate, 'adas-cluster', 'first', 3)
  ]);
  const before = await countSubmissions(cloud);
  gate.open();
  await showPanel(page);
  await takePicture(page, 'sign-in-signed-out');
  await signInByPanel(page);
  await expect(panelOf(page)).toContainText('Ada Lovelace');
  await takePicture(page, 'sign-in-signed-in');
  await notebook.runCell('first');
  expect(await printedBy(notebook, 'first')).toBe('5\n');
  const [submission] = await submittedSince(cloud, before);
  expect(submission).toMatchObject({
    identity: IDENTITIES.person,
    endpoint: ENDPOINTS.cluster
  });
  expect(submission.tasks).toHaveLength(3);
});

test('goes on with a batch whose access token ends in its middle', async ({
  page
}) => {
  await ensureSignedIn(lab);
  const notebook = await open(page, 'expiry.ipynb', [
    squares(gate, 'adas-cluster', 'expiry', 10)
  ]);
  const before = await countSubmissions(cloud);
  const grants = await cloud.grants();
  await notebook.startCell('expiry');
  await expect.poll(() => countSubmissions(cloud)).toBe(before + 1);
  await cloud.endAccessTokens();
  gate.open();
  await expect
    .poll(() => printedBy(notebook, 'expiry'), { timeout: 60_000 })
    .toBe('285\n');
  expect(await submittedSince(cloud, before)).toHaveLength(1);
  expect((await cloud.grants()).slice(grants.length)).toContain(
    'refresh_token'
  );
  // Once for each login that the server holds, not once for each request.
  const { requests } = await cloud.log();
  const refused = requests.filter(({ status }) => status === 401);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(4);
});

test('asks anew when the login was revoked, and the batch goes on', async ({
  page
}) => {
  await ensureSignedIn(lab);
  const notebook = await open(page, 'revoked.ipynb', [
    squares(gate, 'adas-cluster', 'revoked', 10)
  ]);
  await showPanel(page);
  const before = await countSubmissions(cloud);
  await notebook.startCell('revoked');
  await expect.poll(() => countSubmissions(cloud)).toBe(before + 1);
  await cloud.endSignIns();
  gate.open();
  const again = panelOf(page).getByRole('button', { name: 'Sign in again' });
  await expect(again).toBeVisible({ timeout: 60_000 });
  await takePicture(page, 'sign-in-again');
  expect(await printedBy(notebook, 'revoked')).toBe('');
  await signIn(page, () => again.click());
  await expect
    .poll(() => printedBy(notebook, 'revoked'), { timeout: 60_000 })
    .toBe('285\n');
  await expect(again).toBeHidden();
  expect(await submittedSince(cloud, before)).toHaveLength(1);
});

test('signs out, which ends what was issued', async ({ page }) => {
  await ensureSignedIn(lab);
  await open(page, 'out.ipynb', []);
  await showPanel(page);
  expect(await cloud.alive()).not.toEqual([]);
  // The scan that ends this story finds tokens where they are to be.
  const here = new Received('');
  here.keepFiles(lab.loginFolder, () => true);
  expect(await here.find(await cloud.alive())).toContain(
    path.join(lab.loginFolder, 'storage.db')
  );
  await panelOf(page)
    .getByRole('button', { name: /^Account/ })
    .click();
  await takePicture(page, 'sign-in-account');
  await panelOf(page).getByRole('button', { name: 'Sign out…' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: 'Sign out' })
    .click();
  await expect(
    panelOf(page).getByRole('button', { name: 'Sign in', exact: true }).first()
  ).toBeVisible();
  expect(await cloud.alive()).toEqual([]);
});

test('a cell that needs a login asks once, and runs after it', async ({
  page
}) => {
  await ensureSignedOut(lab);
  const notebook = await open(page, 'asks.ipynb', [
    squares(gate, 'adas-cluster', 'asks', 4)
  ]);
  const before = await countSubmissions(cloud);
  gate.open();
  await notebook.startCell('asks');
  const cell = await notebook.cell('asks');
  await expect(cell.getByRole('alert')).toHaveCount(1);
  await expect(cell.getByRole('alert')).toContainText('sign in');
  expect(await countSubmissions(cloud)).toBe(before);
  await takePicture(page, 'sign-in-cell');
  await signIn(page, () =>
    cell.getByRole('button', { name: 'Sign in', exact: true }).click()
  );
  await expect
    .poll(() => printedBy(notebook, 'asks'), { timeout: 60_000 })
    .toBe('14\n');
  await expect(cell.getByRole('alert')).toHaveCount(0);
  expect(await submittedSince(cloud, before)).toHaveLength(1);
});

test('shares its login with terminals, both ways', async ({
  context,
  page
}) => {
  await ensureSignedIn(lab);
  await open(page, 'terminal.ipynb', []);
  await showPanel(page);
  await expect(panelOf(page)).toContainText('Ada Lovelace');
  expect(await runTerminal(lab, cloud, 'show')).toEqual({
    loginRequired: false,
    username: 'ada@university.example'
  });
  expect(await runTerminal(lab, cloud, 'logout')).toMatchObject({
    loginRequired: true
  });
  const signInButton = panelOf(page)
    .getByRole('button', { name: 'Sign in', exact: true })
    .first();
  await page.reload();
  await showPanel(page);
  await expect(signInButton).toBeVisible();
  const login = await runTerminal(lab, cloud, 'login', async url => {
    const auth = await context.newPage();
    await auth.goto(url);
    const code = await readCode(auth);
    await auth.close();
    return code;
  });
  expect(login.loginRequired).toBe(false);
  // Nobody need load the page again for that: to come back is enough.
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(panelOf(page)).toContainText('Ada Lovelace', {
    timeout: 30_000
  });
  await panelOf(page)
    .getByRole('button', { name: /^Account/ })
    .click();
  await expect(panelOf(page)).toContainText('stored by the Python SDK');
});

test('a demand of the service leads to the right prompt', async ({ page }) => {
  await ensureSignedIn(lab);
  await cloud.set({
    requirements: {
      session_message: 'Use your account of the lab <b>now</b>',
      session_required_single_domain: ['hpc.example']
    }
  });
  const notebook = await open(page, 'demand.ipynb', [
    squares(gate, 'adas-cluster', 'demand', 4)
  ]);
  const before = await countSubmissions(cloud);
  gate.open();
  await notebook.startCell('demand');
  const cell = await notebook.cell('demand');
  await expect(cell.getByRole('alert')).toContainText(
    'Use your account of the lab <b>now</b>'
  );
  await takePicture(page, 'sign-in-demand');
  await signIn(
    page,
    () => cell.getByRole('button', { name: 'Sign in', exact: true }).click(),
    auth => expect(auth.getByRole('status')).toContainText('of the lab')
  );
  await expect
    .poll(() => printedBy(notebook, 'demand'), { timeout: 60_000 })
    .toBe('14\n');
  expect(await submittedSince(cloud, before)).toHaveLength(1);
});

test('finds how far requests get', async ({ page }) => {
  await ensureSignedIn(lab);
  await open(page, 'check.ipynb', []);
  await showPanel(page);
  await panelOf(page)
    .getByRole('button', { name: /^Account/ })
    .click();
  const account = panelOf(page).getByRole('region', { name: 'Globus Compute' });
  await account.getByRole('button', { name: 'Check connection' }).click();
  await expect(account).toContainText('The connection works.', {
    timeout: 60_000
  });
  await expect(account).toContainText('A task has run there');
  await takePicture(page, 'sign-in-check');
  await setTheme(page, 'dark');
  await takePicture(page, 'sign-in-check-dark');
  await page.setViewportSize({ width: 700, height: 700 });
  await takePicture(page, 'sign-in-check-narrow');
  await setTheme(page, 'light');
});

test('an error of the service is told without what it quotes', async ({
  page
}) => {
  await ensureSignedIn(lab);
  const notebook = await open(page, 'error.ipynb', [
    squares(gate, 'adas-cluster', 'error', 2)
  ]);
  gate.open();
  await cloud.refuse({
    method: 'POST',
    path: '/v3/endpoints/[^/]+/submit',
    status: 403,
    body: { code: 'SUBSCRIPTION_NEEDED', reason: 'Ask your institution.' }
  });
  await notebook.startCell('error');
  await expect(await notebook.cell('error')).toContainText(
    'Ask your institution.'
  );
  await notebook.command('docmanager:save');
});

test('no token is anywhere but in the token store', async ({ page }) => {
  await ensureSignedIn(lab);
  const notebook = await open(page, 'scan.ipynb', [
    squares(gate, 'adas-cluster', 'scan', 2)
  ]);
  gate.open();
  await cloud.endAccessTokens();
  await notebook.runCell('scan');
  expect(await printedBy(notebook, 'scan')).toBe('1\n');
  await received.keepPage(page);
  const files = received.keepFiles(
    lab.home,
    file => !file.startsWith(lab.loginFolder)
  );
  for (const part of ['notebooks/scan.ipynb', 'vault', 'server.log']) {
    expect(
      files.some(file => file.includes(part)),
      part
    ).toBe(true);
  }
  const issued = await cloud.issued();
  expect(issued.length).toBeGreaterThan(5);
  expect(await received.find(issued)).toEqual([]);
  expect(received.unreadable).toEqual([]);

  // The search can fail.
  const planted = path.join(lab.home, 'planted.txt');
  const inBase64 = Buffer.from(`a ${issued[0]} b`).toString('base64');
  writeFileSync(planted, inBase64);
  received.keepFiles(lab.home, file => file === planted);
  expect(await received.find(issued)).toEqual([planted]);
});
