import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';

import { NotebookPage } from '../notebook';

/** What is tried: JupyterLab, or Notebook 7. */
export const APPLICATION =
  process.env.GLOBUS_COMPUTE_PACKAGE_APPLICATION === 'notebook'
    ? 'notebook'
    : 'lab';

/** Where each of them shows a notebook. */
const PAGES = { lab: '/lab/tree/', notebook: '/notebooks/' };

/*
 * What Notebook 7 itself complains of, with or without extensions: its shortcut
 * editor, and a command of the file browser that its notebook page has not.
 */
const NOT_OURS = [/reading 'schema'/, /'filebrowser:open-path' not registered/];

/** Save a notebook on the server and open it in the application. */
export async function openNotebook(
  page: Page,
  name: string,
  content: unknown
): Promise<NotebookPage> {
  await page.goto(APPLICATION === 'lab' ? '/lab?reset' : '/tree');
  const xsrf = (await page.context().cookies()).find(
    cookie => cookie.name === '_xsrf'
  );
  const answer = await page.request.put(`/api/contents/${name}`, {
    headers: { 'X-XSRFToken': xsrf?.value ?? '' },
    data: { type: 'notebook', format: 'json', content }
  });
  expect(answer.ok()).toBe(true);
  return NotebookPage.visit(page, name, `${PAGES[APPLICATION]}${name}`);
}

/** Notes what goes wrong in a page from now on; of our own doing. */
export function noteErrors(page: Page): string[] {
  const errors: string[] = [];
  const note = (text: string): void => {
    if (!NOT_OURS.some(known => known.test(text))) {
      errors.push(text);
    }
  };
  page.on('pageerror', error => {
    note(error.message);
  });
  page.on('console', message => {
    if (message.type() === 'error' && /globus|plugin/i.test(message.text())) {
      note(message.text());
    }
  });
  return errors;
}
