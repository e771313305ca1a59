import { expect, test } from '@playwright/test';

import { takePicture } from '../look';
import { NotebookPage, notebookOf } from '../notebook';

test('the magic line is completed, checked and explained', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'magic-line.ipynb',
    notebookOf([{ id: 'cell', source: '%%compute \n1 + 1' }])
  );
  const cell = await notebook.cell('cell');
  await expect(
    cell.getByRole('button', { name: 'Endpoint: This computer' })
  ).toBeVisible();
  const line = cell.locator('.cm-line').first();

  await line.click();
  await page.keyboard.press('End');
  await page.keyboard.type('--endp');
  await page.keyboard.press('Tab');
  const completer = page.locator('.jp-Completer');
  await expect(completer).toContainText('-e/--endpoint NAME');
  await page.keyboard.press('Enter');
  await expect(line).toHaveText('%%compute --endpoint ');
  await page.keyboard.press('Tab');
  await expect(completer).toContainText('This computer');
  await page.keyboard.press('Enter');
  await expect(line).toHaveText('%%compute --endpoint "This computer"');

  await page.keyboard.type(' --no-');
  await page.keyboard.press('Tab');
  await expect(completer.getByText('--no-wait')).toBeVisible();
  await expect(completer.getByText('--no-capture')).toBeVisible();
  await takePicture(page, 'magic-line-completion');
  await page.keyboard.press('Escape');

  const mistake = line.locator('.jp-GlobusCompute-mistake');
  await expect(mistake).toHaveText('--no-');
  await mistake.hover();
  await expect(page.locator('.jp-GlobusCompute-magicHelp')).toContainText(
    '%%compute has no option --no-'
  );
  await takePicture(page, 'magic-line-mistake');
});

test('an option is explained on hovering, and functions are known by name', async ({
  page
}) => {
  const notebook = await NotebookPage.open(
    page,
    'magic-line-help.ipynb',
    notebookOf([
      {
        id: 'made',
        source: '%%compute\ndef volume(r):\n    return 4 * r ** 3'
      },
      { id: 'cell', source: '%%compute --retries 2 -f ' }
    ])
  );
  await notebook.runCell('made');
  const line = (await notebook.cell('cell')).locator('.cm-line').first();
  await line.click();
  await page.keyboard.press('End');
  await page.keyboard.type('vol');
  await page.keyboard.press('Tab');
  await expect(page.locator('.jp-Completer')).toContainText('volume=');
  await page.keyboard.press('Enter');
  await expect(line).toHaveText(/-f volume=[0-9a-f-]{36}$/);
  // Where the words stand: the line is one text.
  const box = await line.evaluate(node => {
    const range = document.createRange();
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const at = text.textContent?.indexOf('retries') ?? -1;
      if (at >= 0) {
        range.setStart(text, at);
        range.setEnd(text, at + 4);
        const { x, y, width, height } = range.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2 };
      }
    }
    throw new Error('The line has no --retries.');
  });
  await page.mouse.move(box.x, box.y);
  const help = page.locator('.jp-GlobusCompute-magicHelp');
  await expect(help).toContainText('--retries N');
  await expect(help).toContainText('Submit a failed task again');
  await takePicture(page, 'magic-line-help');
});

test('an edge marks the lines that run there', async ({ page }) => {
  const notebook = await NotebookPage.open(
    page,
    'marks.ipynb',
    notebookOf([
      {
        id: 'calls',
        source:
          '%%compute\nimport math\ndef area(r):\n    return math.pi * r * r\n\nareas = [area(r) for r in range(3)]'
      },
      { id: 'whole', source: '%%compute\nx = 1\nx + 1' },
      { id: 'later', source: '%%compute\nmore = area(4)' },
      { id: 'plain', source: 'areas' }
    ])
  );
  const marked = async (id: string): Promise<string[]> =>
    (await notebook.cell(id))
      .locator('.cm-line.jp-GlobusCompute-remoteLine')
      .allTextContents();
  await expect
    .poll(() => marked('calls'))
    .toEqual(['import math', 'def area(r):', '    return math.pi * r * r']);
  expect(await marked('whole')).toEqual(['x = 1', 'x + 1']);
  expect(await marked('later')).toEqual([]);
  expect(await marked('plain')).toEqual([]);
  await takePicture(page, 'magic-line-marks');
  const whole = await notebook.cell('whole');
  await whole.locator('.cm-line').first().click();
  await page.keyboard.press('End');
  await page.keyboard.type(' --local');
  await expect.poll(() => marked('whole')).toEqual([]);
});
