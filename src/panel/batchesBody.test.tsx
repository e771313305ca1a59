import type { ReactElement } from 'react';
import { act } from 'react';
import { describe, expect, it, vi } from 'vitest';

import { englishBundle } from '../model/format';
import {
  CREATED_S,
  DIVISION,
  FakeBatch,
  makeSnapshot,
  makeTask
} from '../model/testing/fakeBatches';
import type { IBatchSnapshot } from '../tokens';

import type { IBatchesBodyProps } from './batchesBody';
import { BatchesBody } from './batchesBody';
import { click, mount } from './testing/mount';
import { button } from './testing/queries';

function refuse(): never {
  throw new Error('Unexpected call.');
}

function batch(fields: Partial<IBatchSnapshot> = {}): FakeBatch {
  return new FakeBatch(makeSnapshot(fields));
}

const DIVIDE = batch({
  id: 'divide',
  title: 'divide',
  state: 'failed',
  tasks: [
    makeTask(0, { label: 'divide(4, 2)', line: 6 }),
    makeTask(1, {
      label: 'divide(1, 0)',
      line: 7,
      state: 'failed',
      failure: DIVISION
    })
  ]
});
const AREA = batch({ id: 'area', created: CREATED_S - 3600 });

function body(props: Partial<IBatchesBodyProps> = {}): ReactElement {
  const { batches = [DIVIDE, AREA] } = props;
  return (
    <BatchesBody
      batches={batches}
      expanded={new Set()}
      hiddenCount={0}
      totalCount={batches.length}
      hasFinished={true}
      filter="all"
      query=""
      now={CREATED_S + 12 * 60}
      trans={englishBundle()}
      onToggle={refuse}
      onGoToCell={refuse}
      onFilter={refuse}
      onQuery={refuse}
      onShowMore={refuse}
      onResetFilter={refuse}
      onClearFinished={refuse}
      {...props}
    />
  );
}

function items(node: HTMLElement): HTMLElement[] {
  return [...node.querySelectorAll<HTMLElement>('[role="treeitem"]')];
}

/** Press a key on what has the focus. */
function press(key: string): void {
  act(() => {
    document.activeElement?.dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
    );
  });
}

function focus(element: HTMLElement): void {
  act(() => {
    element.focus();
  });
}

function focusedKey(): string | undefined {
  return document.activeElement instanceof HTMLElement
    ? document.activeElement.dataset.key
    : undefined;
}

describe('a row', () => {
  it('says what, when, where and what went wrong', () => {
    const { node } = mount(body());
    const [divide, area] = items(node);
    expect(divide.textContent).toBe(
      'divide × 212 minThis computer · hello.ipynb · ZeroDivisionError'
    );
    expect(divide.querySelector('[aria-label="Failed"]')).not.toBeNull();
    expect(area.textContent).toBe('area1 hThis computer · hello.ipynb');
  });

  it('of a batch that runs has a meter that says the counts', () => {
    const running = batch({
      state: 'running',
      tasks: [makeTask(0), makeTask(1, { state: 'running' })]
    });
    const { node } = mount(body({ batches: [running] }));
    expect(
      node.querySelector('[aria-label="1 done · 1 running"]')
    ).not.toBeNull();
  });

  it('opens and closes at a click', () => {
    const onToggle = vi.fn();
    const { node } = mount(body({ onToggle }));
    click(node.querySelector<HTMLElement>('.jp-GlobusCompute-rowTitle')!);
    expect(onToggle).toHaveBeenCalledExactlyOnceWith('divide');
  });

  it('that is open lists counts, actions and tasks', () => {
    const onGoToCell = vi.fn();
    const { node } = mount(body({ expanded: new Set(['divide']), onGoToCell }));
    const [divide, first, second] = items(node);
    expect(divide.getAttribute('aria-expanded')).toBe('true');
    expect(divide.textContent).toContain('1 done · 1 failed');
    expect(first.textContent).toBe('#0divide(4, 2)done');
    expect(second.textContent).toBe('#1divide(1, 0) · ZeroDivisionErrorfailed');
    click(button(node, /Go to cell/));
    expect(onGoToCell).toHaveBeenCalledExactlyOnceWith(DIVIDE);
  });

  it('lists a hundred tasks at a time', () => {
    const tasks = Array.from({ length: 130 }, (_, index) => makeTask(index));
    const { node } = mount(
      body({
        batches: [batch({ tasks })],
        expanded: new Set(['batch-1'])
      })
    );
    expect(items(node)).toHaveLength(1 + 100 + 1);
    focus(items(node).at(-1)!);
    press('Enter');
    expect(items(node)).toHaveLength(1 + 130);
  });

  it('shows text from outside as text', () => {
    const hostile = '<img src=x onerror=alert(1)>';
    const { node } = mount(
      body({
        batches: [
          batch({
            title: hostile,
            note: hostile,
            endpoint: { id: 'e', name: hostile },
            tasks: [makeTask(0, { label: hostile })]
          })
        ],
        expanded: new Set(['batch-1'])
      })
    );
    expect(node.querySelectorAll('img')).toHaveLength(0);
    expect(node.textContent).toContain(hostile);
  });
});

describe('the keyboard', () => {
  it('finds one stop for Tab, which moves with the arrows', () => {
    const { node } = mount(body());
    const stops = (): (string | undefined)[] =>
      items(node)
        .filter(item => item.tabIndex === 0)
        .map(item => item.dataset.key);
    expect(stops()).toEqual(['divide']);
    focus(items(node)[0]);
    press('ArrowDown');
    expect(focusedKey()).toBe('area');
    expect(stops()).toEqual(['area']);
    expect(items(node)[1].getAttribute('aria-selected')).toBe('true');
    press('ArrowDown');
    expect(focusedKey()).toBe('area');
    press('Home');
    expect(focusedKey()).toBe('divide');
    press('ArrowUp');
    expect(focusedKey()).toBe('divide');
    press('End');
    expect(focusedKey()).toBe('area');
  });

  it('opens with Right and Space, closes with Left and Space', () => {
    const onToggle = vi.fn();
    const { node, redraw } = mount(body({ onToggle }));
    focus(items(node)[0]);
    press('ArrowLeft');
    expect(onToggle).not.toHaveBeenCalled();
    press('ArrowRight');
    press(' ');
    expect(onToggle.mock.calls).toEqual([['divide'], ['divide']]);
    redraw(body({ onToggle, expanded: new Set(['divide']) }));
    press('ArrowLeft');
    press(' ');
    expect(onToggle).toHaveBeenCalledTimes(4);
  });

  it('walks into tasks and back out', () => {
    const { node } = mount(body({ expanded: new Set(['divide']) }));
    focus(items(node)[0]);
    press('ArrowRight');
    expect(focusedKey()).toBe('divide#0');
    press('ArrowDown');
    expect(focusedKey()).toBe('divide#1');
    press(' ');
    press('ArrowLeft');
    expect(focusedKey()).toBe('divide');
  });

  it('goes to the cell with Enter, from a task to its line', () => {
    const onGoToCell = vi.fn();
    const { node } = mount(body({ expanded: new Set(['divide']), onGoToCell }));
    focus(items(node)[0]);
    press('Enter');
    press('ArrowRight');
    press('Enter');
    expect(onGoToCell.mock.calls).toEqual([
      [DIVIDE, undefined],
      [DIVIDE, 6]
    ]);
  });

  it('leaves the keys of buttons and shortcuts alone', () => {
    const { node } = mount(body({ expanded: new Set(['divide']) }));
    focus(button(node, /Go to cell/));
    press('Enter');
    press(' ');
    focus(items(node)[0]);
    press('a');
    act(() => {
      items(node)[0].dispatchEvent(
        new KeyboardEvent('keydown', {
          key: 'Enter',
          ctrlKey: true,
          bubbles: true
        })
      );
    });
    expect(focusedKey()).toBe('divide');
  });

  it('keeps a stop when the batch it was on is gone', () => {
    const { node, redraw } = mount(body());
    focus(items(node)[1]);
    redraw(body({ batches: [DIVIDE] }));
    expect(items(node).map(item => item.tabIndex)).toEqual([0]);
  });

  it('keeps a stop when the task it was on is folded away', () => {
    const { node, redraw } = mount(body({ expanded: new Set(['divide']) }));
    focus(items(node)[1]);
    redraw(body());
    expect(items(node).map(item => item.tabIndex)).toEqual([0, -1]);
  });
});

describe('search and filter', () => {
  it('hand on what is typed and chosen', () => {
    const onQuery = vi.fn();
    const onFilter = vi.fn();
    const { node } = mount(body({ onQuery, onFilter }));
    const input = node.querySelector('input')!;
    const select = node.querySelector('select')!;
    act(() => {
      // React listens to the setter of the element's prototype.
      Object.getOwnPropertyDescriptor(
        HTMLInputElement.prototype,
        'value'
      )?.set?.call(input, 'area');
      input.dispatchEvent(new Event('input', { bubbles: true }));
      select.value = 'failed';
      select.dispatchEvent(new Event('change', { bubbles: true }));
    });
    expect(onQuery).toHaveBeenCalledExactlyOnceWith('area');
    expect(onFilter).toHaveBeenCalledExactlyOnceWith('failed');
    expect([...select.options].map(option => option.text)).toEqual([
      'All',
      'Running',
      'Failed',
      'Done'
    ]);
  });

  it('that find nothing offer all', () => {
    const onResetFilter = vi.fn();
    const { node } = mount(
      body({ batches: [], totalCount: 3, query: 'x', onResetFilter })
    );
    expect(node.textContent).toContain('No batch matches.');
    click(button(node, /Show all/));
    expect(onResetFilter).toHaveBeenCalledOnce();
  });
});

describe('the list', () => {
  it('teaches when it is empty', () => {
    const { node } = mount(body({ batches: [] }));
    expect(node.textContent).toBe(
      'No batches yet.Put %%compute above a cell and run it.'
    );
  });

  it('offers more batches and to clear those that have ended', () => {
    const onShowMore = vi.fn();
    const onClearFinished = vi.fn();
    const { node, redraw } = mount(
      body({ hiddenCount: 1300, onShowMore, onClearFinished })
    );
    click(button(node, /Show more \(1,300 left\)/));
    click(button(node, /Clear finished/));
    expect(onShowMore).toHaveBeenCalledOnce();
    expect(onClearFinished).toHaveBeenCalledOnce();
    redraw(body({ hasFinished: false }));
    expect(() => button(node, /Clear finished/)).toThrow('No button');
  });
});
