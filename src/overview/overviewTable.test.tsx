import { act } from 'react';
import { describe, expect, it, vi } from 'vitest';

import type { IStudent } from '../model/classes/classOverviews';
import { englishBundle } from '../model/format';

import type { IMounted } from '../testing/mount';
import { click, mount } from '../testing/mount';
import { OverviewModel } from './overviewModel';
import type { IOverviewTableProps } from './overviewTable';
import { OverviewTable } from './overviewTable';
import {
  FakeOverviews,
  makeEntry,
  makeOverview,
  makeStudent,
  QUERY
} from './testing/overviews';

const HOSTILE = '<img src=x onerror=alert(1)>';
const ANN = makeStudent('ann', [
  makeEntry({ result: HOSTILE, expected: false }),
  makeEntry({ state: 'failed', error: 'ValueError: no', notes: ['a note'] })
]);
const BEN = makeStudent('ben', [], { problem: 'It is not a notebook.' });
const CEM = makeStudent('cem', [], { path: '', problem: 'None.' });

interface ITable extends IMounted {
  readonly model: OverviewModel;
  readonly button: (name: string) => HTMLElement;
  readonly press: (key: string, init?: KeyboardEventInit) => string;
}

async function table(
  students: readonly IStudent[] = [ANN, BEN, CEM],
  onOpen: IOverviewTableProps['onOpen'] = () => {
    throw new Error('Unexpected call.');
  }
): Promise<ITable> {
  const overviews = new FakeOverviews(makeOverview(students));
  const model = new OverviewModel(overviews, QUERY);
  await model.show();
  const element = (
    <OverviewTable model={model} trans={englishBundle()} onOpen={onOpen} />
  );
  const mounted = mount(element);
  model.stateChanged.connect(() => {
    mounted.redraw(<OverviewTable {...element.props} />);
  });
  const button = (name: string): HTMLElement => {
    const found = [...mounted.node.querySelectorAll('button')].find(
      ({ textContent }) => textContent.includes(name)
    );
    if (!found) {
      throw new Error(`There is no button ${name}.`);
    }
    return found;
  };
  const press = (key: string, init: KeyboardEventInit = {}): string => {
    act(() => {
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, ...init })
      );
    });
    return document.activeElement?.textContent ?? '';
  };
  return { ...mounted, model, button, press };
}

describe('the table of an overview', () => {
  it('says the state in words, then the result or the error, as text', async () => {
    const { node } = await table();
    const cells = [...node.querySelectorAll('td')].map(td => td.textContent);
    expect(cells).toEqual([
      `Done1.5 s${HOSTILE}another result than the teacher's`,
      'Failed1.5 sValueError: noa note',
      'It is not a notebook.',
      'None.'
    ]);
    expect(node.querySelector('img')).toBeNull();
    const titles = [...node.querySelectorAll('th[scope=col]')];
    expect(titles.map(th => th.textContent)).toEqual([
      'Student3',
      '1. area1 of 3 done',
      '2. sum0 of 3 done'
    ]);
  });

  it('is sorted by its titles, and says so', async () => {
    const { node, model, button } = await table();
    const sorting = (): (string | null)[] =>
      [...node.querySelectorAll('th[scope=col]')].map(th =>
        th.getAttribute('aria-sort')
      );
    expect(sorting()).toEqual(['ascending', 'none', 'none']);
    click(button('2. sum'));
    expect(sorting()).toEqual(['none', 'none', 'ascending']);
    click(button('2. sum'));
    expect(sorting()).toEqual(['none', 'none', 'descending']);
    expect(model.order).toEqual({ column: 1, isDescending: true });
  });

  it('opens the cell, or the notebook', async () => {
    const onOpen = vi.fn();
    const { button } = await table([ANN, CEM], onOpen);
    click(button('Failed'));
    click(button('ann'));
    expect(onOpen.mock.calls).toEqual([
      [ANN, ANN.entries[1]],
      [ANN, null]
    ]);
    expect(() => button('cem')).toThrow();
  });

  it('is one stop of the Tab key, and the arrow keys move inside', async () => {
    const { node, button, press } = await table();
    const stops = (): number => node.querySelectorAll('[tabindex="0"]').length;
    expect(stops()).toBe(1);
    act(() => {
      button('Student').focus();
    });
    expect(press('ArrowRight')).toContain('1. area');
    expect(press('ArrowDown')).toContain('Done');
    expect(press('End')).toContain('Failed');
    expect(press('ArrowDown')).toBe('It is not a notebook.');
    expect(press('ArrowDown')).toBe('None.');
    expect(press('ArrowDown')).toBe('None.');
    expect(press('Home')).toBe('cem');
    expect(press('Home', { ctrlKey: true })).toContain('Student');
    expect(press('ArrowUp')).toContain('Student');
    expect(press('a')).toContain('Student');
    expect(stops()).toBe(1);
  });

  it('draws the first 200 of many, and all when asked', async () => {
    const many = Array.from({ length: 450 }, (_, at) =>
      makeStudent(`student ${at}`, [makeEntry(), makeEntry()])
    );
    const { node, button } = await table(many);
    expect(node.querySelectorAll('tbody tr')).toHaveLength(200);
    click(button('Show all 450 students'));
    expect(node.querySelectorAll('tbody tr')).toHaveLength(450);
  });
});
