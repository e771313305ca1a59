import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';

import { allow } from '../../src/sdk/auth/testing/browse';
import type { Lab } from '../lab';

const SHOW_PANEL = 'globus-compute:show-panel';

/** On the page of Globus Auth: allow what it asks, and read the code. */
export async function readCode(page: Page): Promise<string> {
  await expect(page).toHaveURL(/\/interaction\//);
  await page.getByRole('button', { name: 'Allow' }).click();
  const code = page.getByLabel('Code');
  await expect(code).not.toHaveValue('');
  return code.inputValue();
}

/**
 * Press a button that signs in, and do what is asked as a person does.
 *
 * @param look - Looks at the page of Globus Auth before that.
 */
export async function signIn(
  page: Page,
  press: () => Promise<void>,
  look: (auth: Page) => Promise<void> = async () => undefined
): Promise<void> {
  const [auth] = await Promise.all([page.waitForEvent('popup'), press()]);
  await look(auth);
  const code = await readCode(auth);
  await auth.close();
  const dialog = page.getByRole('dialog').filter({ hasText: 'Sign in to' });
  await dialog.getByRole('textbox').fill(`  ${code}\n`);
  await dialog.getByRole('button', { name: 'Finish signing in' }).click();
  await expect(dialog).toBeHidden();
}

/** Sign in without a browser, unless somebody is signed in already. */
export async function ensureSignedIn(lab: Lab): Promise<void> {
  const account = await callGateway(lab, 'GET', 'accounts/cloud');
  if (account.state !== 'signed-in') {
    const path = 'accounts/cloud/sign-in';
    const begun = await callGateway(lab, 'POST', path, {});
    const address = new URL(await allow(String(begun.url)));
    const code = address.searchParams.get('code');
    await callGateway(lab, 'POST', `${path}/${String(begun.id)}`, { code });
  }
}

/** Sign out without a browser, if somebody is signed in. */
export async function ensureSignedOut(lab: Lab): Promise<void> {
  const account = await callGateway(lab, 'GET', 'accounts/cloud');
  if (account.canSignOut === true) {
    await callGateway(lab, 'POST', 'accounts/cloud/sign-out', {});
  }
}

async function callGateway(
  lab: Lab,
  method: string,
  path: string,
  body?: unknown
): Promise<Record<string, unknown>> {
  const response = await fetch(lab.url(`globus-compute/${path}`), {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body)
  });
  if (!response.ok) {
    throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }
  return (await response.json()) as Record<string, unknown>;
}

/** Show the side panel, as soon as the page has it. */
export async function showPanel(page: Page): Promise<void> {
  await page.waitForFunction(
    id => 'jupyterapp' in window && window.jupyterapp.commands.hasCommand(id),
    SHOW_PANEL
  );
  await page.evaluate(async id => {
    await window.jupyterapp.restored;
    await window.jupyterapp.commands.execute(id);
  }, SHOW_PANEL);
}
