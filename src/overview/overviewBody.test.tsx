import { Widget } from '@lumino/widgets';
import { act } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { IClassOverview } from '../model/classes/classOverviews';
import { englishBundle } from '../model/format';

import { OverviewBody } from './overviewBody';
import { OverviewModel } from './overviewModel';
import {
  FakeOverviews,
  makeEntry,
  makeOverview,
  makeStudent,
  QUERY
} from './testing/overviews';

const ANN = makeStudent('ann', [makeEntry(), makeEntry()]);
const OVERVIEW = makeOverview([ANN], {
  assignment: 'ps1',
  assignments: ['ps1', 'ps2'],
  notes: ['Only the first 2,000 notebooks were looked at.']
});

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  // jsdom has none, and JupyterLab draws with it.
  vi.stubGlobal('requestIdleCallback', (callback: () => void) =>
    setTimeout(callback)
  );
});

afterEach(() => {
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

function refuse(): never {
  throw new Error('Unexpected call.');
}

interface IShown {
  readonly widget: OverviewBody;
  readonly overviews: FakeOverviews;
  readonly find: (selector: string) => HTMLElement;
  readonly type: (selector: string, text: string) => void;
}

async function show(
  ...answers: (IClassOverview | Promise<IClassOverview>)[]
): Promise<IShown> {
  const overviews = new FakeOverviews(...answers);
  const model = new OverviewModel(overviews, QUERY);
  const deeds = {
    open: refuse,
    chooseFolder: () => Promise.resolve('chosen/folder'),
    chooseNotebook: () => Promise.resolve(null)
  };
  const widget = new OverviewBody(model, deeds, englishBundle());
  Widget.attach(widget, document.body);
  await act(async () => {
    await model.show();
    await widget.renderPromise;
  });
  const find = (selector: string): HTMLElement =>
    widget.node.querySelector<HTMLElement>(selector) ?? refuse();
  const type = (selector: string, text: string): void => {
    const input = find(selector);
    act(() => {
      // React sees only what the prototype's setter writes.
      Object.getOwnPropertyDescriptor(
        HTMLInputElement.prototype,
        'value'
      )?.set?.call(input, text);
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
  };
  return { widget, overviews, find, type };
}

describe('the overview of a class', () => {
  it('tells what it shows, and what it leaves out', async () => {
    const { widget, find } = await show(OVERVIEW);
    expect(find('[role=status]').textContent).toBe('1 student, 2 exercises');
    expect(widget.node.textContent).toContain('Only the first 2,000 notebooks');
    expect(find('select').textContent).toBe('ps1ps2');
    widget.dispose();
  });

  it('reads what is asked for in the form', async () => {
    const { widget, overviews, find, type } = await show(
      OVERVIEW,
      OVERVIEW,
      OVERVIEW
    );
    const select = find('select') as HTMLSelectElement;
    await act(async () => {
      select.value = 'ps2';
      select.dispatchEvent(new Event('change', { bubbles: true }));
      await widget.renderPromise;
    });
    type('input', 'other');
    await act(async () => {
      (find('form') as HTMLFormElement).requestSubmit();
      await widget.renderPromise;
    });
    expect(overviews.queries.slice(1)).toEqual([
      { ...QUERY, assignment: 'ps2' },
      { ...QUERY, folder: 'other' }
    ]);
    widget.dispose();
  });

  it('takes a folder that was chosen, and keeps what was not', async () => {
    const { widget, find } = await show(OVERVIEW);
    for (const name of ['Folder of the notebooks', 'Notebook that was']) {
      await act(async () => {
        find(`button[aria-label^="Choose: ${name}"]`).click();
        await Promise.resolve();
      });
    }
    const values = [...widget.node.querySelectorAll('input')].map(
      ({ value }) => value
    );
    expect(values).toEqual(['chosen/folder', 'sheet/release.ipynb']);
    widget.dispose();
  });

  it('says why there is nothing to show, and what to do', async () => {
    const refused = Promise.reject(new Error('There is no such folder.'));
    const { widget, find } = await show(refused);
    expect(find('[role=alert]').textContent).toBe('There is no such folder.');
    expect(widget.node.querySelector('table')).toBeNull();
    widget.dispose();
  });

  it('asks for the notebook that was handed out where nothing is alike', async () => {
    const { widget } = await show(makeOverview([ANN], { exercises: [] }));
    expect(widget.node.textContent).toContain(
      'Choose the notebook that was handed out.'
    );
    widget.dispose();
  });
});
