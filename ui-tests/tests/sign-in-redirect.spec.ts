import { expect, test } from '@playwright/test';

import { Cloud } from '../cloud/cloud';
import { showPanel } from '../cloud/signIn';
import { Lab } from '../lab';
import { takePicture } from '../look';
import { NotebookPage, notebookOf } from '../notebook';

// A JupyterLab whose address is registered at Globus Auth.
test.use({ storageState: { cookies: [], origins: [] } });

const CALLBACK = 'globus-compute/sign-in/callback';

let cloud: Cloud;
let lab: Lab;

test.beforeAll(async () => {
  // The port of an address on this computer may be any (RFC 8252, 7.3).
  cloud = await Cloud.start([`http://127.0.0.1/${CALLBACK}`]);
  lab = await Lab.start({
    settings: port => ({
      GlobusComputeExtension: {
        globus_urls: cloud.urls,
        default_service: 'cloud',
        sign_in_redirect: `http://127.0.0.1:${port}/${CALLBACK}`
      }
    })
  });
});

test.afterAll(async () => {
  await lab.remove();
  await cloud.remove();
});

test('a sign-in ends by itself where Globus may send people back', async ({
  page
}) => {
  await NotebookPage.open(page, 'back.ipynb', notebookOf([]), lab.url('lab'));
  await showPanel(page);
  const panel = page.locator('#jp-globus-compute-panel');
  const press = panel.getByRole('button', { name: 'Sign in', exact: true });
  const [auth] = await Promise.all([
    page.waitForEvent('popup'),
    press.first().click()
  ]);
  const dialog = page.getByRole('dialog').filter({ hasText: 'Sign in to' });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole('textbox')).toHaveCount(0);
  await auth.getByRole('button', { name: 'Allow' }).click();
  await expect(auth.locator('body')).toContainText('You are signed in');
  await takePicture(auth, 'sign-in-back');
  await expect(dialog).toBeHidden();
  await expect(panel).toContainText('Ada Lovelace');
  // The address that brought the code is worth nothing any more.
  await auth.reload();
  await expect(auth.locator('body')).not.toContainText('You are signed in');
});
