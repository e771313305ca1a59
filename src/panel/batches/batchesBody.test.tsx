import { act } from 'react';
import { describe, expect, it, vi } from 'vitest';

import { CREATED_S, makeTask } from '../../model/testing/fakeBatches';

import { click, mount } from '../../testing/mount';
import { batchOf as batch } from '../testing/batches';
import { DIVIDE, body, focus, items, press } from '../testing/body';
import { button } from '../testing/queries';
import { NO_FILTER } from './filter';

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
    expect(onToggle).toHaveBeenCalledOnce();
    expect(onToggle.mock.calls[0][0]).toMatchObject({ key: 'divide' });
  });

  it('that is open lists counts, failure, actions and tasks', () => {
    const onAction = vi.fn();
    const { node } = mount(body({ expanded: ['divide'], onAction }));
    const [divide, first, second] = items(node);
    expect(divide.getAttribute('aria-expanded')).toBe('true');
    expect(divide.textContent).toContain(
      '1 done · 1 failedZeroDivisionError: division by zero'
    );
    expect(first.textContent).toBe('#0divide(4, 2)done');
    expect(second.textContent).toBe('#1divide(1, 0) · ZeroDivisionErrorfailed');
    click(button(node, /Go to cell/));
    click(button(node, /Run failed again/));
    expect(onAction.mock.calls).toEqual([
      [DIVIDE, 'go-to-cell'],
      [DIVIDE, 'retry']
    ]);
  });

  it('shows its menu from the button, the right button and the keyboard', () => {
    const onMenu = vi.fn();
    const { node } = mount(body({ expanded: ['divide'], onMenu }));
    click(button(node, /More actions for this batch/));
    act(() => {
      items(node)[1].dispatchEvent(
        new MouseEvent('contextmenu', { bubbles: true, clientX: 3, clientY: 4 })
      );
    });
    focus(items(node)[0]);
    press('ContextMenu');
    expect(onMenu.mock.calls).toEqual([
      [DIVIDE, 0, 0],
      [DIVIDE, 3, 4],
      [DIVIDE, 0, 0]
    ]);
  });

  it('of a task that is open says times, outcome and what can be done', () => {
    const onGoToCell = vi.fn();
    const onCopy = vi.fn();
    const task = makeTask(0, {
      id: 'task-id',
      line: 6,
      submitted: CREATED_S,
      started: CREATED_S + 1,
      ended: CREATED_S + 4.1
    });
    const one = batch({ id: 'one', tasks: [task] });
    const { node } = mount(
      body({
        batches: [one],
        expanded: ['one'],
        openTasks: ['one#0'],
        resultOf: () => '[1, 2]',
        onGoToCell,
        onCopy
      })
    );
    const text = items(node)[1].textContent;
    expect(text).toContain('waited 1 s · ran 3.1 s · ended ');
    expect(text).toContain('[1, 2]');
    click(button(node, /Go to line 6/));
    click(button(node, /Copy id/));
    expect(onGoToCell).toHaveBeenCalledExactlyOnceWith(one, 6);
    expect(onCopy).toHaveBeenCalledExactlyOnceWith('task-id');
  });

  it('of a task that was not read yet keeps its place', () => {
    const { node } = mount(
      body({ expanded: ['divide'], taskOf: () => undefined })
    );
    expect(items(node)[1].textContent).toBe('#0…');
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
        expanded: ['batch-1']
      })
    );
    expect(node.querySelectorAll('img')).toHaveLength(0);
    expect(node.textContent).toContain(hostile);
  });
});

describe('search and filter', () => {
  function choose(select: HTMLSelectElement, value: string): void {
    act(() => {
      select.value = value;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    });
  }

  it('hand on what is typed and chosen', () => {
    const onFilter = vi.fn();
    const onGrouping = vi.fn();
    const { node } = mount(
      body({ onFilter, onGrouping, endpoints: [{ id: 'e', name: 'cluster' }] })
    );
    const input = node.querySelector('input')!;
    act(() => {
      // React listens to the setter of the element's prototype.
      Object.getOwnPropertyDescriptor(
        HTMLInputElement.prototype,
        'value'
      )?.set?.call(input, 'area');
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    choose(node.querySelector('select')!, 'failed');
    click(button(node, /Filter by endpoint, and group/));
    const [, endpoint, grouping] = node.querySelectorAll('select');
    choose(endpoint, 'e');
    choose(grouping, 'state');
    expect(onFilter.mock.calls).toEqual([
      [{ ...NO_FILTER, query: 'area' }],
      [{ ...NO_FILTER, state: 'failed' }],
      [{ ...NO_FILTER, endpoint: 'e' }]
    ]);
    expect(onGrouping).toHaveBeenCalledExactlyOnceWith('state');
  });

  it('that find nothing offer all', () => {
    const onShowAll = vi.fn();
    const { node } = mount(body({ batches: [], totalCount: 3, onShowAll }));
    expect(node.textContent).toContain('No batch matches.');
    click(button(node, /Show all/));
    expect(onShowAll).toHaveBeenCalledOnce();
  });
});

describe('the list', () => {
  it('teaches when it is empty', () => {
    const { node } = mount(body({ batches: [], hasFinished: false }));
    expect(node.textContent).toBe(
      'No batches yet.Put %%compute above a cell and run it.Follow tasks…'
    );
  });

  it('offers older batches and to clear those that have ended', () => {
    const onShowMore = vi.fn();
    const onClearFinished = vi.fn();
    const { node, redraw } = mount(
      body({ hasMore: true, onShowMore, onClearFinished })
    );
    click(button(node, /Show older batches/));
    click(button(node, /Clear finished/));
    expect(onShowMore).toHaveBeenCalledOnce();
    expect(onClearFinished).toHaveBeenCalledOnce();
    redraw(body({ hasFinished: false }));
    expect(() => button(node, /Clear finished/)).toThrow('No button');
  });

  it('says what was forgotten, and brings it back', () => {
    const onUndo = vi.fn();
    const onDismiss = vi.fn();
    const { node, redraw } = mount(
      body({ forgotten: { ids: ['a'], title: 'area' }, onUndo, onDismiss })
    );
    const status = node.querySelector('[role="status"]')!;
    expect(status.textContent).toContain('Forgot area.');
    click(button(node, /Undo/));
    click(button(node, /Dismiss/));
    expect(onUndo).toHaveBeenCalledOnce();
    expect(onDismiss).toHaveBeenCalledOnce();
    redraw(body({ forgotten: { ids: ['a', 'b'], title: null } }));
    expect(status.textContent).toContain('Forgot 2 batches.');
  });

  it('says why batches could not be read, and tries again', () => {
    const onRefresh = vi.fn();
    const { node } = mount(body({ problem: 'No answer.', onRefresh }));
    expect(node.querySelector('[role="alert"]')?.textContent).toContain(
      'No answer.'
    );
    click(button(node, /Try again/));
    expect(onRefresh).toHaveBeenCalledOnce();
  });
});
