import { mkdirSync } from 'node:fs';
import path from 'node:path';

import type { Page } from '@playwright/test';

const FOLDER = path.join(__dirname, '..', 'test-results', 'screenshots');

/** The themes that JupyterLab brings along. */
export const THEMES = { light: 'JupyterLab Light', dark: 'JupyterLab Dark' };

/** Change JupyterLab's theme and wait until it is in force. */
export async function setTheme(
  page: Page,
  theme: keyof typeof THEMES
): Promise<void> {
  await page.evaluate(async theme => {
    await window.jupyterapp.commands.execute('apputils:change-theme', {
      theme
    });
  }, THEMES[theme]);
  await page.waitForFunction(
    isLight => document.body.dataset.jpThemeLight === String(isLight),
    theme === 'light'
  );
}

/** Keep a picture of the page, to be looked at by a person. */
export async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await page.screenshot({
    path: path.join(FOLDER, `${name}.png`),
    animations: 'disabled'
  });
}
