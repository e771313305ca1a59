import { readFileSync } from 'node:fs';

import type { IError, INotebookContent } from '@jupyterlab/nbformat';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from '@playwright/test';

import { setTheme, takePicture } from '../look';
import { NotebookPage, notebookOf } from '../notebook';

const FOLDER = 'overview-of-a-class';
const RELEASE = `${FOLDER}/release.ipynb`;
const ANN = `${FOLDER}/submitted/ann/ps1/sheet.ipynb`;

/* A name that would run in a spreadsheet, and in a page that took it for HTML. */
const HOSTILE = '=cmd()<img src=x onerror="window.hacked=true">';

const AREA = '%%compute\ndef area(r):\n    return 3 * r * r\n\narea(2)';
const SUM =
  "%%compute --name 'sum of squares'\ndef squares(n):\n    return sum(x * x for x in range(n))\n\nsquares(10)";

function sheet(area: string, sum: string): INotebookContent {
  return notebookOf([
    { id: 'ex-area', source: area },
    { id: 'ex-sum', source: sum }
  ]) as INotebookContent;
}

/** Put notebooks on the server, and the folders they lie in. */
async function save(
  page: Page,
  notebooks: Readonly<Record<string, INotebookContent>>
): Promise<void> {
  await page.evaluate(async notebooks => {
    const { contents } = window.jupyterapp.serviceManager;
    for (const [path, content] of Object.entries(notebooks)) {
      const parts = path.split('/').slice(0, -1);
      for (const depth of parts.keys()) {
        const folder = parts.slice(0, depth + 1).join('/');
        await contents.save(folder, { type: 'directory' });
      }
      await contents.save(path, { type: 'notebook', format: 'json', content });
    }
  }, notebooks);
}

async function read(page: Page, path: string): Promise<INotebookContent> {
  return page.evaluate(async path => {
    const { contents } = window.jupyterapp.serviceManager;
    return (await contents.get(path)).content as INotebookContent;
  }, path);
}

/** A class in which ann ran everything, in this browser. */
async function makeClass(page: Page): Promise<NotebookPage> {
  const first = await NotebookPage.open(
    page,
    'overview-start.ipynb',
    sheet('', '')
  );
  await save(page, {
    [RELEASE]: sheet(AREA.replace('3 * r * r', '...'), SUM),
    [ANN]: sheet(AREA, SUM)
  });
  const notebook = await NotebookPage.reopen(page, ANN);
  await notebook.runCell('ex-area');
  await notebook.runCell('ex-sum');
  await notebook.command('docmanager:save');
  const done = await read(first.page, ANN);
  const failed = structuredClone(done);
  const error: IError = {
    output_type: 'error',
    ename: 'ValueError',
    evalue: 'a rather long message that says what became of the radius',
    traceback: []
  };
  failed.cells[0].outputs = [error];
  failed.cells[1].source = `${SUM}  # edited`;
  await save(page, {
    [`${FOLDER}/submitted/ben/ps1/sheet.ipynb`]: failed,
    [`${FOLDER}/submitted/cem/ps1/sheet.ipynb`]: sheet(AREA, SUM),
    [`${FOLDER}/submitted/${HOSTILE}/ps1/sheet.ipynb`]: {
      ...done,
      cells: done.cells.slice(1)
    }
  });
  await page.evaluate(async folder => {
    const { contents } = window.jupyterapp.serviceManager;
    await contents.save(`${folder}/submitted/dia`, { type: 'directory' });
    await contents.save(`${folder}/submitted/dia/broken.ipynb`, {
      type: 'file',
      format: 'text',
      content: '{"cells": ['
    });
  }, FOLDER);
  return notebook;
}

function overviewOf(page: Page): Locator {
  return page.locator('.jp-GlobusCompute-overviewTab:visible');
}

function rowOf(page: Page, name: string): Locator {
  return overviewOf(page)
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader', { name, exact: true }) });
}

test('the overview of a class', async ({ page }) => {
  const notebook = await makeClass(page);
  const overview = overviewOf(page);
  const table = overview.getByRole('grid', { name: 'Students and exercises' });

  await test.step('opened on a folder of the file browser', async () => {
    await notebook.command('filebrowser:go-to-path', { path: FOLDER });
    await notebook.command('filebrowser:activate');
    await page
      .locator('.jp-DirListing-item', { hasText: 'submitted' })
      .click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Overview of a class…' }).click();
    await expect(overview.getByRole('status')).toHaveText(
      '5 students, 2 exercises'
    );
    await expect(
      overview.getByRole('textbox', { name: 'Folder of the notebooks' })
    ).toHaveValue(`${FOLDER}/submitted`);
  });

  await test.step('with the notebook that was handed out', async () => {
    const release = overview.getByRole('textbox', {
      name: 'Notebook that was handed out'
    });
    await release.fill(`${FOLDER}/none.ipynb`);
    await release.press('Enter');
    await expect(overview.getByRole('alert')).toContainText('Check the path');
    await release.fill(RELEASE);
    await release.press('Enter');
    await expect(table.getByRole('columnheader')).toHaveText([
      /^Student/,
      /^1\. area1 of 5 done$/,
      /^2\. sum of squares3 of 5 done$/
    ]);
  });

  await test.step('who did what', async () => {
    await expect(rowOf(page, 'ann').getByRole('gridcell')).toContainText([
      /^Done.*12/,
      /^Done.*285/
    ]);
    await expect(rowOf(page, 'ben').getByRole('gridcell')).toContainText([
      /Not sent.*ValueError: a rather long message/,
      /^Done.*edited since it ran · the same run as in the notebook of/
    ]);
    await expect(rowOf(page, 'cem').getByRole('gridcell')).toContainText([
      'Not run',
      'Not run'
    ]);
    await expect(rowOf(page, 'dia')).toContainText('its JSON is broken');
    await expect(rowOf(page, HOSTILE).getByRole('gridcell')).toContainText([
      'No cell',
      /^Done/
    ]);
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
  });

  await test.step('pictures, and accessibility', async () => {
    for (const theme of ['light', 'dark'] as const) {
      await setTheme(page, theme);
      await takePicture(page, `overview-${theme}`);
      const { violations } = await new AxeBuilder({ page })
        .include('.jp-GlobusCompute-overview')
        .analyze();
      expect(
        violations.map(({ id, help }) => `${id}: ${help}`),
        theme
      ).toEqual([]);
    }
    await setTheme(page, 'light');
    const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
    await page.setViewportSize({ width: 640, height });
    await notebook.command('application:toggle-left-area');
    await takePicture(page, 'overview-narrow');
    await page.setViewportSize({ width, height });
  });

  await test.step('sorted and read with the keyboard', async () => {
    const title = table.getByRole('button', { name: /^1\. area/ });
    await title.focus();
    await page.keyboard.press('Enter');
    const names = table.getByRole('rowheader');
    await expect(names).toHaveText(['dia', 'ben', HOSTILE, 'cem', 'ann']);
    await page.keyboard.press('Enter');
    await expect(names).toHaveText(['ann', 'cem', HOSTILE, 'ben', 'dia']);
    await expect(
      table.getByRole('columnheader', { name: /1\. area/ })
    ).toHaveAttribute('aria-sort', 'descending');
    await page.keyboard.press('ArrowDown');
    await expect(
      rowOf(page, 'ann').getByRole('button', { name: 'Done' }).first()
    ).toBeFocused();
  });

  await test.step('saved for a spreadsheet', async () => {
    const downloading = page.waitForEvent('download');
    await overview.getByRole('button', { name: 'Save as CSV' }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('overview.csv');
    const text = readFileSync(await download.path(), 'utf8');
    expect(text).toContain('"student","notebook","problem","1. area: state"');
    expect(text).toContain('"\'=cmd()<img');
    expect(text.split('\r\n')).toHaveLength(7);
  });

  await test.step('from a result to its cell', async () => {
    await rowOf(page, 'ann')
      .getByRole('button', { name: 'Done' })
      .nth(1)
      .click();
    await expect(
      page.locator('.jp-NotebookPanel:visible .jp-Cell.jp-mod-active')
    ).toContainText('sum of squares');
  });
});
