import { act } from 'react';
import { describe, expect, it, vi } from 'vitest';

import { makeTask } from '../../model/testing/fakeBatches';

import { mount } from '../../testing/mount';
import { batchOf as batch } from '../testing/batches';
import {
  AREA,
  DIVIDE,
  body,
  focus,
  focusedKey,
  items,
  press
} from '../testing/body';
import { button } from '../testing/queries';
import type { IBatchesBodyProps } from './batchesBody';
import type { Grouping } from './grouping';

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
    const onToggle = vi.fn<IBatchesBodyProps['onToggle']>();
    const { node, redraw } = mount(body({ onToggle }));
    focus(items(node)[0]);
    press('ArrowLeft');
    expect(onToggle).not.toHaveBeenCalled();
    press('ArrowRight');
    press(' ');
    expect(onToggle.mock.calls.map(([row]) => row.key)).toEqual([
      'divide',
      'divide'
    ]);
    redraw(body({ onToggle, expanded: ['divide'] }));
    press('ArrowLeft');
    press(' ');
    expect(onToggle).toHaveBeenCalledTimes(4);
  });

  it('walks into tasks and back out', () => {
    const onToggle = vi.fn<IBatchesBodyProps['onToggle']>();
    const { node } = mount(body({ expanded: ['divide'], onToggle }));
    focus(items(node)[0]);
    press('ArrowRight');
    expect(focusedKey()).toBe('divide#0');
    press('ArrowDown');
    expect(focusedKey()).toBe('divide#1');
    press(' ');
    expect(onToggle.mock.calls.map(([row]) => row.key)).toEqual(['divide#1']);
    press('ArrowLeft');
    expect(focusedKey()).toBe('divide');
  });

  it('goes to the cell with Enter, from a task to its line', () => {
    const onGoToCell = vi.fn();
    const { node } = mount(body({ expanded: ['divide'], onGoToCell }));
    focus(items(node)[0]);
    press('Enter');
    press('ArrowRight');
    press('Enter');
    expect(onGoToCell.mock.calls).toEqual([[DIVIDE], [DIVIDE, 6]]);
  });

  it('leaves the keys of buttons and shortcuts alone', () => {
    const { node } = mount(body({ expanded: ['divide'] }));
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

  it('goes to the next row when the one it was on is gone', () => {
    const { node, redraw } = mount(body());
    focus(items(node)[1]);
    redraw(body({ batches: [DIVIDE] }));
    expect(items(node).map(item => item.tabIndex)).toEqual([0]);
    expect(focusedKey()).toBe('divide');
  });

  it('keeps a stop when the task it was on is folded away', () => {
    const { node, redraw } = mount(body({ expanded: ['divide'] }));
    focus(items(node)[1]);
    redraw(body());
    expect(items(node).filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(
      1
    );
  });

  it('skips a page at a time', () => {
    const tasks = Array.from({ length: 50 }, (_, index) => makeTask(index));
    const { node } = mount(
      body({ batches: [batch({ tasks })], expanded: ['batch-1'] })
    );
    focus(items(node)[0]);
    press('PageDown');
    press('PageDown');
    expect(focusedKey()).toBe('batch-1#19');
    press('PageUp');
    expect(focusedKey()).toBe('batch-1#9');
  });
});

describe('a hundred thousand tasks', () => {
  const COUNT = 100_000;
  const tasks = Array.from({ length: COUNT }, (_, index) => makeTask(index));
  const large = batch({ id: 'large', tasks });

  it('are a few rows in the page, wherever one is', () => {
    const onShowTasks = vi.fn<IBatchesBodyProps['onShowTasks']>();
    const { node } = mount(
      body({ batches: [large, AREA], expanded: ['large'], onShowTasks })
    );
    expect(items(node).length).toBeLessThan(60);
    const tree = node.querySelector('[role="tree"]')!;
    act(() => {
      tree.scrollTop = 24 * 50_000;
      tree.dispatchEvent(new Event('scroll'));
    });
    expect(items(node).length).toBeLessThan(60);
    const last = onShowTasks.mock.lastCall?.[0] ?? [];
    expect(last).toHaveLength(1);
    expect(last[0].start).toBeGreaterThan(49_900);
    expect(last[0].end).toBeLessThan(50_100);
  });

  it('tell a screen reader how many they are', () => {
    const { node } = mount(body({ batches: [large], expanded: ['large'] }));
    focus(items(node)[0]);
    press('End');
    expect(focusedKey()).toBe('large#99999');
    expect(document.activeElement?.getAttribute('aria-posinset')).toBe(
      '100000'
    );
    expect(document.activeElement?.getAttribute('aria-setsize')).toBe('100000');
    press('ArrowLeft');
    expect(focusedKey()).toBe('large');
  });

  it('keep the focus on a row that is out of sight', () => {
    const { node } = mount(body({ batches: [large], expanded: ['large'] }));
    focus(items(node)[3]);
    const tree = node.querySelector('[role="tree"]')!;
    act(() => {
      tree.scrollTop = 24 * 50_000;
      tree.dispatchEvent(new Event('scroll'));
    });
    expect(focusedKey()).toBe('large#2');
  });
});

describe('groups', () => {
  const elsewhere = batch(
    { id: 'else', title: 'simulate' },
    'thesis/Sweep.ipynb'
  );
  const batches = [DIVIDE, elsewhere, AREA];

  function rows(grouping: Grouping, closedGroups: string[] = []): string[] {
    const { node } = mount(
      body({
        batches,
        grouping,
        closedGroups: closedGroups.map(name => `group:${grouping}:${name}`)
      })
    );
    return items(node).map(
      item => `${item.ariaLevel} ${item.getAttribute('aria-label')}`
    );
  }

  it.each([
    [
      'notebook',
      ['1 hello.ipynb', '2 divide', '2 area', '1 Sweep.ipynb', '2 simulate']
    ],
    ['endpoint', ['1 This computer', '2 divide', '2 simulate', '2 area']],
    ['state', ['1 Failed', '2 divide', '1 Done', '2 simulate', '2 area']]
  ] as const)('by %s', (grouping, expected) => {
    expect(rows(grouping).map(text => text.split(/,| ×/)[0])).toEqual(expected);
  });

  it('are shut and opened', () => {
    expect(rows('state', ['failed'])).toHaveLength(4);
    const onToggle = vi.fn<IBatchesBodyProps['onToggle']>();
    const { node } = mount(body({ batches, grouping: 'state', onToggle }));
    focus(items(node)[0]);
    press('Enter');
    press('ArrowLeft');
    expect(onToggle.mock.calls.map(([row]) => row.key)).toEqual([
      'group:state:failed',
      'group:state:failed'
    ]);
  });
});
