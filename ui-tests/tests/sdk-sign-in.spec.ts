import path from 'node:path';

import { expect, type Page, test } from '@playwright/test';

import { ACCOUNT, NATIVE_CLIENT } from '../../src/sdk/auth/testing/accounts';
import { CODE_PAGE, TestProvider } from '../../src/sdk/auth/testing/provider';
import {
  ENDPOINT_ID,
  FUNCTION_ID,
  TokenCheckingService
} from '../../src/sdk/auth/testing/service';
import { bundlePage, type PageFiles, sendFile } from '../pages/bundle';
import type { IPageSettings } from '../pages/sign-in/main';

// The SDK's sign-in in a real browser, at a real OpenID provider. The page is
// a small application of its own; JupyterLab has no part in it.
test.use({ storageState: { cookies: [], origins: [] } });

/** Short enough for a test to see tokens end by themselves. */
const TOKEN_SECONDS = 2;

let files: PageFiles;
let provider: TestProvider;
let service: TokenCheckingService;
let url: string;
let requested: string[];
let printed: string[];

test.beforeAll(async () => {
  const root = path.resolve(test.info().config.rootDir, '../pages/sign-in');
  files = await bundlePage(root, ['index.html', 'callback.html']);
});

test.beforeEach(async ({ context, page }) => {
  requested = [];
  printed = [];
  service = new TokenCheckingService(
    token => provider.isActive(token),
    (request, response) => {
      requested.push(request.url ?? '');
      if (request.url === '/settings') {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(settings()));
        return;
      }
      sendFile(files, request, response);
    }
  );
  url = await service.start();
  provider = await TestProvider.start({
    accessTokenSeconds: TOKEN_SECONDS,
    redirectUris: [`${url}/callback.html`, `${url}/`]
  });
  // Globus Auth's page that shows a code is not ours to serve.
  await context.route(`${CODE_PAGE}**`, (route, request) => {
    const code = new URL(request.url()).searchParams.get('code') ?? '';
    return route.fulfill({ body: code, contentType: 'text/plain' });
  });
  page.on('console', message => printed.push(message.text()));
  page.on('pageerror', error => printed.push(String(error)));
  await page.goto(url);
  await expectStatus(page, 'signed out');
});

test.afterEach(() => {
  provider.stop();
  service.stop();
});

function settings(): IPageSettings {
  return {
    clientId: NATIVE_CLIENT,
    codePage: CODE_PAGE,
    issuer: provider.issuer,
    functionId: FUNCTION_ID,
    endpointId: ENDPOINT_ID
  };
}

function expectStatus(page: Page, text: string | RegExp): Promise<void> {
  return expect(page.locator('#status')).toHaveText(text);
}

function press(page: Page, name: string): Promise<void> {
  return page.getByRole('button', { name, exact: true }).click();
}

/** Press a button of our page, and get the window that it opens. */
async function windowOf(page: Page, open: () => Promise<void>): Promise<Page> {
  const [popup] = await Promise.all([page.waitForEvent('popup'), open()]);
  await expect(popup).toHaveURL(/\/interaction\//);
  return popup;
}

async function signInWithPopup(page: Page): Promise<void> {
  const popup = await windowOf(page, () => press(page, 'Sign in'));
  await Promise.all([popup.waitForEvent('close'), press(popup, 'Allow')]);
  await expectStatus(page, `signed in as ${ACCOUNT}`);
}

/** Start a sign-in with a code, and allow it: gives the code. */
async function getCode(page: Page): Promise<string> {
  await press(page, 'Sign in with a code');
  await expectStatus(page, 'waiting for a code');
  const other = await windowOf(page, () => page.locator('#link').click());
  await press(other, 'Allow');
  await expect(other).toHaveURL(address => address.href.startsWith(CODE_PAGE));
  const code = await other.locator('body').innerText();
  await other.close();
  return code;
}

async function finish(page: Page, pasted: string): Promise<void> {
  await page.getByLabel('Code').fill(pasted);
  await press(page, 'Finish');
}

/** Start calls; the result ends them and gives the ids of their tasks. */
async function startCalls(page: Page): Promise<() => Promise<string[]>> {
  await press(page, 'Run calls');
  await expect.poll(() => service.taskIds.length).toBeGreaterThan(3);
  return async () => {
    await page.locator('#calls').evaluate(button => {
      button.dataset.enough = '';
    });
    await expectStatus(page, /^results of \d+ calls/);
    const text = await page.locator('#status').innerText();
    return text.split(': ')[1].split(' ');
  };
}

const loadedLibrary = () => requested.some(path => path.includes('oidc'));

test('signs in by a popup, and loads the library only then', async ({
  page
}) => {
  expect(loadedLibrary()).toBe(false);
  await signInWithPopup(page);
  expect(loadedLibrary()).toBe(true);
  const calls = await startCalls(page);
  expect((await calls()).sort()).toEqual([...service.taskIds].sort());

  await press(page, 'Sign out');
  await expectStatus(page, 'signed out');
  for (const token of service.tokens) {
    expect(await provider.isActive(token)).toBe(false);
  }
  for (const token of provider.refreshTokens) {
    expect(await provider.isRefreshable(token)).toBe(false);
  }
  await press(page, 'Run calls');
  await expectStatus(page, /^NOT_SIGNED_IN/);
});

test('keeps its tokens out of storage and console', async ({ page }) => {
  await signInWithPopup(page);
  await (
    await startCalls(page)
  )();
  const stored = await page.evaluate(() =>
    JSON.stringify([
      Object.entries(localStorage),
      Object.entries(sessionStorage),
      document.cookie
    ])
  );
  const shown = [stored, ...printed, await page.content(), page.url()].join();
  for (const token of [...service.tokens, ...provider.refreshTokens]) {
    expect(shown).not.toContain(token);
  }
});

test('signs in by a pasted code, once', async ({ page }) => {
  const code = await getCode(page);
  await finish(page, ` ${code}\n`);
  await expectStatus(page, `signed in as ${ACCOUNT}`);
  await (
    await startCalls(page)
  )();

  await finish(page, code);
  await expectStatus(page, /^NO_PENDING_SIGN_IN/);
  await press(page, 'Sign in with a code');
  await expectStatus(page, 'waiting for a code');
  await finish(page, code);
  await expectStatus(page, /^CODE_REFUSED/);
});

test('refuses the state of another sign-in, and one that was used', async ({
  page
}) => {
  const code = await getCode(page);
  const first = new URL(
    (await page.locator('#link').getAttribute('href')) ?? ''
  ).searchParams.get('state');
  const answer = (state: string | null) =>
    `${CODE_PAGE}?code=${code}&state=${state}`;
  await finish(page, answer('somebody-elses'));
  await expectStatus(page, /^STATE_REFUSED/);
  // The right answer is still welcome.
  await finish(page, answer(first));
  await expectStatus(page, `signed in as ${ACCOUNT}`);
  await getCode(page);
  await finish(page, answer(first));
  await expectStatus(page, /^STATE_REFUSED/);
});

test('signs in by a redirect, and cleans the address', async ({ page }) => {
  await press(page, 'Sign in on this page');
  await expect(page).toHaveURL(/\/interaction\//);
  await press(page, 'Allow');
  await expectStatus(page, `signed in as ${ACCOUNT}`);
  expect(page.url()).toBe(`${url}/`);
  await (
    await startCalls(page)
  )();
  // The answer, opened once more, is worth nothing.
  await page.goto(`${url}/?code=replayed&state=replayed`);
  await expectStatus(page, /^NO_PENDING_SIGN_IN/);
});

test('goes on while tokens end, by themselves and early', async ({ page }) => {
  await signInWithPopup(page);
  const calls = await startCalls(page);
  await expect.poll(() => service.tokens.size).toBeGreaterThan(2);
  const latest = [...service.tokens].at(-1) ?? '';
  const refusals = service.refusals;
  await provider.endAccessToken(latest);
  await expect.poll(() => service.refusals).toBeGreaterThan(refusals);
  await expect.poll(() => [...service.tokens].at(-1)).not.toBe(latest);
  const taskIds = await calls();

  // Each call ran once, each renewal took one refresh token, used once.
  expect(new Set(taskIds).size).toBe(taskIds.length);
  expect(taskIds.sort()).toEqual([...service.taskIds].sort());
  expect(
    provider.grants.filter(grant => grant === 'refresh_token')
  ).toHaveLength(service.tokens.size - 1);
  expect(new Set(provider.refreshTokens).size).toBe(
    provider.refreshTokens.length
  );
});

test('says so when the sign-in was ended elsewhere', async ({ page }) => {
  await signInWithPopup(page);
  await startCalls(page);
  await provider.endSignIn([...service.tokens].at(-1) ?? '');
  await expectStatus(page, /^invalid_grant: .*Sign in again/);
});

test('says so when the person denies, or closes the window', async ({
  page
}) => {
  const denied = await windowOf(page, () => press(page, 'Sign in'));
  await Promise.all([denied.waitForEvent('close'), press(denied, 'Deny')]);
  await expectStatus(page, /^access_denied/);
  const closed = await windowOf(page, () => press(page, 'Sign in'));
  await closed.close();
  await expectStatus(page, /^POPUP_CLOSED/);
});

test('takes answers from its own window only, and of its own state', async ({
  page
}) => {
  const popup = await windowOf(page, () => press(page, 'Sign in'));
  // A window of our origin that is not the one of the sign-in.
  const [other] = await Promise.all([
    page.waitForEvent('popup'),
    page.evaluate(() => {
      window.open('/callback.html?code=foreign&state=foreign');
    })
  ]);
  await other.waitForEvent('close');
  await expectStatus(page, 'busy');
  // The window of the sign-in, led to an answer nobody asked for.
  await Promise.all([
    popup.waitForEvent('close'),
    popup.evaluate(address => {
      location.href = address;
    }, `${url}/callback.html?code=foreign&state=foreign`)
  ]);
  await expectStatus(page, /^STATE_REFUSED/);
  await signInWithPopup(page);
});
