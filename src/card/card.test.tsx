import type { ReactElement } from 'react';
import { describe, expect, it, vi } from 'vitest';

import { englishBundle } from '../model/format';
import {
  CREATED_S,
  DIVISION,
  makeSnapshot,
  makeTask
} from '../model/testing/fakeBatches';
import type { IBatchSnapshot, ITaskSnapshot } from '../tokens';

import type { IBatchCardProps } from './card';
import { BatchCard } from './card';
import { click, mount } from '../testing/mount';
import { button } from './testing/queries';

function refuse(): never {
  throw new Error('Unexpected call.');
}

function card(
  snapshot: IBatchSnapshot,
  props: Partial<IBatchCardProps> = {}
): ReactElement {
  return (
    <BatchCard
      snapshot={snapshot}
      live={true}
      now={CREATED_S + 192}
      trans={englishBundle()}
      onCopy={refuse}
      onGoToLine={refuse}
      {...props}
    />
  );
}

function draw(
  fields: Partial<IBatchSnapshot>,
  props?: Partial<IBatchCardProps>
): HTMLElement {
  return mount(card(makeSnapshot(fields), props)).node;
}

function failedTask(fields: Partial<ITaskSnapshot> = {}): ITaskSnapshot {
  return makeTask(0, { state: 'failed', failure: DIVISION, ...fields });
}

function header(node: HTMLElement): HTMLButtonElement {
  return node.querySelector<HTMLButtonElement>('.jp-GlobusCompute-cardHeader')!;
}

function squares(node: HTMLElement): (string | undefined)[] {
  return [
    ...node.querySelectorAll<HTMLElement>(
      '.jp-GlobusCompute-grid > .jp-GlobusCompute-square'
    )
  ].map(square => square.dataset.phase);
}

describe('a finished batch', () => {
  it('is one line', () => {
    const node = draw({
      tasks: [0, 1, 2, 3, 4].map(index => makeTask(index)),
      ended: CREATED_S + 0.8
    });
    expect(header(node).textContent).toBe('area × 5on This computer0.8 s');
    expect(
      header(node).querySelector('[role="img"]')?.getAttribute('aria-label')
    ).toBe('Done');
    expect(node.querySelectorAll('button')).toHaveLength(1);
    expect(squares(node)).toEqual([]);
  });

  it('opens and closes its tasks', () => {
    const node = draw({ tasks: [makeTask(0), makeTask(1)] });
    expect(header(node).getAttribute('aria-expanded')).toBe('false');
    click(header(node));
    expect(header(node).getAttribute('aria-expanded')).toBe('true');
    const details = document.getElementById(
      header(node).getAttribute('aria-controls')!
    )!;
    expect(details.hidden).toBe(false);
    expect(details.textContent).toContain('area(1)');
    click(header(node));
    expect(details.hidden).toBe(true);
    expect(details.textContent).toBe('');
  });

  it('lists a hundred tasks at a time', () => {
    const tasks = Array.from({ length: 250 }, (_, index) => makeTask(index));
    const node = draw({ tasks });
    click(header(node));
    const count = (): number =>
      node.querySelectorAll('.jp-GlobusCompute-task').length;
    expect(count()).toBe(100);
    click(button(node, /Show more \(150 left\)/));
    click(button(node, /Show more \(50 left\)/));
    expect(count()).toBe(250);
    expect(node.textContent).not.toContain('Show more');
  });

  it('without tasks shows the id of its function', () => {
    const onCopy = vi.fn();
    const node = draw({ tasks: [] }, { onCopy });
    expect(node.textContent).toContain('function 10c9678c');
    click(button(node, /copy function id/));
    expect(onCopy).toHaveBeenCalledWith('10c9678c-7c33-4b1e-8f38-1f0f1c2d3e4f');
    expect(button(node, /^copied$/)).toBeDefined();
  });
});

describe('a running batch', () => {
  const tasks = [
    makeTask(0),
    makeTask(1, { state: 'running' }),
    makeTask(2, { state: 'waiting-for-nodes' }),
    failedTask({ index: 3 })
  ];

  it('has a square for each task and the counts', () => {
    const node = draw({ state: 'running', tasks });
    expect(squares(node)).toEqual(['done', 'running', 'waiting', 'failed']);
    expect(
      [...node.querySelectorAll('.jp-GlobusCompute-legend > li')].map(
        item => item.textContent
      )
    ).toEqual(['1 done', '1 running', '1 waiting', '1 failed']);
    expect(header(node).textContent).toContain('Running · 3 min 12 s');
  });

  it('of more than a thousand tasks has the counts alone', () => {
    const node = draw({
      state: 'running',
      counts: { total: 2000, waiting: 0, running: 800, done: 1200, failed: 0 }
    });
    expect(squares(node)).toEqual([]);
    expect(node.textContent).toContain('1,200 done');
  });

  it('of exactly a thousand tasks still has squares', () => {
    const node = draw({
      state: 'running',
      tasks: Array.from({ length: 1000 }, (_, index) => makeTask(index))
    });
    expect(squares(node)).toHaveLength(1000);
  });

  it('of one task is one line with the note', () => {
    const node = draw({
      state: 'waiting',
      note: 'The endpoint is offline.',
      tasks: [makeTask(0, { state: 'waiting-for-ep' })]
    });
    expect(squares(node)).toEqual([]);
    expect(node.textContent).toContain('Waiting · 3 min 12 s');
    expect(node.textContent).toContain('The endpoint is offline.');
  });

  it('that nobody follows does not pretend to count', () => {
    const node = draw({ state: 'running', tasks }, { live: false });
    expect(header(node).textContent).toContain('Running when last saved');
    expect(header(node).textContent).not.toContain('min');
  });
});

describe('a failed batch', () => {
  it('says what, where and how long', () => {
    const node = draw({
      state: 'failed',
      pythonVersion: '3.11.2',
      tasks: [
        failedTask({
          id: '587afd2e-0000-4000-8000-000000000000',
          submitted: CREATED_S + 0.01,
          started: CREATED_S + 0.06,
          ended: CREATED_S + 0.37
        })
      ]
    });
    for (const words of [
      'ZeroDivisionError: division by zero',
      'line 4, in divide',
      'return a / b',
      'sent 0.01 s',
      'waited 0.05 s',
      'ran 0.31 s',
      'Python 3.11.2',
      'function 10c9678c',
      'task 587afd2e'
    ]) {
      expect(node.textContent).toContain(words);
    }
  });

  it('shows and hides the traceback', () => {
    const node = draw({ state: 'failed', tasks: [failedTask()] });
    const toggle = button(node, /Show traceback/);
    const traceback = document.getElementById(
      toggle.getAttribute('aria-controls')!
    )!;
    expect(traceback.hidden).toBe(true);
    click(toggle);
    expect(toggle.getAttribute('aria-expanded')).toBe('true');
    expect(traceback.hidden).toBe(false);
    expect(traceback.textContent).toBe(DIVISION.traceback);
    click(button(node, /Hide traceback/));
    expect(traceback.hidden).toBe(true);
  });

  it('tells alike failures once', () => {
    const tasks = Array.from({ length: 12 }, (_, index) =>
      failedTask({ index })
    );
    const node = draw({ state: 'failed', tasks });
    expect(node.querySelectorAll('.jp-GlobusCompute-failure')).toHaveLength(1);
    expect(node.textContent).toContain('12 tasks failed alike');
  });

  it('shows five kinds of failure before it is asked for more', () => {
    const tasks = Array.from({ length: 7 }, (_, index) =>
      failedTask({
        index,
        label: `f(${index})`,
        failure: { ...DIVISION, message: `no ${index}` }
      })
    );
    const node = draw({ state: 'failed', tasks });
    const count = (): number =>
      node.querySelectorAll('.jp-GlobusCompute-failure').length;
    expect(count()).toBe(5);
    expect(node.textContent).toContain('f(0) failed');
    click(button(node, /Show 2 more kinds/));
    expect(count()).toBe(7);
  });

  it('says how many failures it does not keep', () => {
    const node = draw({
      state: 'failed',
      tasks: [failedTask()],
      counts: { total: 5000, waiting: 0, running: 0, done: 0, failed: 1201 }
    });
    expect(node.textContent).toContain('1,200 more tasks failed');
  });

  it('goes to the line of the cell while it is live', () => {
    const onGoToLine = vi.fn();
    const snapshot = makeSnapshot({ state: 'failed', tasks: [failedTask()] });
    const { node, redraw } = mount(card(snapshot, { onGoToLine }));
    click(button(node, /line 4, in divide/));
    expect(onGoToLine).toHaveBeenCalledExactlyOnceWith(4);
    redraw(card(snapshot, { live: false }));
    expect(() => button(node, /line 4/)).toThrow('No button');
    expect(node.textContent).toContain('line 4, in divide');
  });
});

describe('a batch that waits', () => {
  it('says why, where that is known', () => {
    const waiting = { state: 'waiting' } as const;
    expect(draw(waiting).textContent).not.toContain('Why is it waiting?');
    expect(
      draw(waiting, { waitingReason: 'The endpoint is offline.' }).textContent
    ).toContain('Why is it waiting? The endpoint is offline.');
  });
});

describe('a batch that could not be sent', () => {
  it('says what happened', () => {
    const node = draw({
      state: 'problem',
      note: 'The service did not answer. Run the cell again.'
    });
    expect(node.textContent).toContain('Sending to This computer failed.');
    expect(node.textContent).toContain('The service did not answer.');
    expect(node.querySelector('[aria-label="Sending failed"]')).not.toBeNull();
  });

  it('says what to do when the service did not say why', () => {
    expect(draw({ state: 'problem' }).textContent).toContain(
      'Run the cell to try again.'
    );
  });
});

describe('for those who do not see the card', () => {
  it('a live region speaks at changes of state only', () => {
    const running = makeSnapshot({
      state: 'running',
      tasks: [makeTask(0, { state: 'running' }), makeTask(1)]
    });
    const { node, redraw } = mount(card(running));
    const region = node.querySelector('[aria-live="polite"]')!;
    expect(region.textContent).toBe('area × 2: Running');
    redraw(
      card(
        { ...running, counts: { ...running.counts, done: 2 } },
        { now: 1e10 }
      )
    );
    expect(region.textContent).toBe('area × 2: Running');
    redraw(card(makeSnapshot({ tasks: [makeTask(0), makeTask(1)] })));
    expect(region.textContent).toBe('area × 2: Done, 2 done');
  });

  it('a card that was opened with its notebook keeps silent', () => {
    const node = draw({}, { live: false });
    expect(node.querySelector('[aria-live="polite"]')!.textContent).toBe('');
  });
});

describe('text from outside', () => {
  it('stays text', () => {
    const hostile = '<img src=x onerror=alert(1)>';
    const node = draw({
      title: hostile,
      state: 'failed',
      note: hostile,
      endpoint: { id: 'e', name: hostile },
      pythonVersion: hostile,
      functionIds: [hostile],
      tasks: [
        failedTask({
          id: hostile,
          label: hostile,
          failure: {
            type: hostile,
            message: hostile,
            frame: { line: 1, name: hostile, source: hostile },
            traceback: `\u001b[31m${hostile}\u001b[0m`
          }
        })
      ]
    });
    click(header(node));
    click(button(node, /Show traceback/));
    expect(node.querySelectorAll('img')).toHaveLength(0);
    expect(node.querySelector('.jp-GlobusCompute-traceback')!.textContent).toBe(
      hostile
    );
  });
});
