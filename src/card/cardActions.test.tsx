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

function draw(
  fields: Partial<IBatchSnapshot>,
  props: Partial<IBatchCardProps> = {}
): HTMLElement {
  const card: ReactElement = (
    <BatchCard
      snapshot={makeSnapshot(fields)}
      live={true}
      now={CREATED_S + 192}
      trans={englishBundle()}
      onCopy={refuse}
      onGoToLine={refuse}
      {...props}
    />
  );
  return mount(card).node;
}

function failedTask(fields: Partial<ITaskSnapshot> = {}): ITaskSnapshot {
  return makeTask(0, { state: 'failed', failure: DIVISION, ...fields });
}

function header(node: HTMLElement): HTMLButtonElement {
  return node.querySelector<HTMLButtonElement>('.jp-GlobusCompute-cardHeader')!;
}

describe('what can be done', () => {
  it('chooses another endpoint for a batch that waits', () => {
    const onChooseEndpoint = vi.fn();
    const node = draw(
      { state: 'waiting', tasks: [makeTask(0, { state: 'waiting-for-ep' })] },
      { waitingReason: 'The endpoint is offline.', onChooseEndpoint }
    );
    expect(node.textContent).toContain(
      'Why is it waiting? The endpoint is offline.'
    );
    click(button(node, /Choose another endpoint/));
    expect(onChooseEndpoint).toHaveBeenCalledOnce();
  });

  it('runs failed tasks again where that can be done', () => {
    const onRunFailedAgain = vi.fn();
    const fields: Partial<IBatchSnapshot> = {
      state: 'failed',
      tasks: [failedTask({ attempts: 3 })]
    };
    const node = draw(fields, { onRunFailedAgain });
    click(button(node, /Run failed again/));
    expect(onRunFailedAgain).toHaveBeenCalledOnce();
    expect(node.textContent).toContain('tried 3 times');
    expect(draw(fields).textContent).not.toContain('Run failed again');
  });

  it('goes to lines of the cell from a traceback, and to no others', () => {
    const onGoToLine = vi.fn();
    const traceback = [
      '  File "cell", line 7, in outer',
      '  File "/usr/lib/module.py", line 8, in inner'
    ].join('\n');
    const failure = { ...DIVISION, frame: undefined, traceback };
    const node = draw(
      { state: 'failed', tasks: [failedTask({ failure })] },
      { onGoToLine }
    );
    click(button(node, /Show traceback/));
    const pre = node.querySelector('pre')!;
    expect(pre.textContent).toBe(traceback.trimEnd());
    expect(pre.querySelectorAll('button')).toHaveLength(1);
    click(button(node, /line 7, in outer/));
    expect(onGoToLine).toHaveBeenCalledWith(7);
  });

  it('copies all ids at once', () => {
    const onCopy = vi.fn();
    const node = draw(
      {
        tasks: [makeTask(0, { id: 'task-a' }), makeTask(1, { id: 'task-b' })],
        taskGroupId: 'group-a'
      },
      { onCopy }
    );
    click(header(node));
    click(button(node, /copy all ids/));
    expect(onCopy).toHaveBeenCalledWith(
      [
        'endpoint endpoint-1',
        'function 10c9678c-7c33-4b1e-8f38-1f0f1c2d3e4f',
        'task group group-a',
        'task task-a',
        'task task-b'
      ].join('\n')
    );
  });

  it('says that the cell was edited, and how long it will take', () => {
    const node = draw(
      {
        state: 'running',
        tasks: [makeTask(0), makeTask(1, { state: 'running' })]
      },
      { isEdited: true, timeLeft: 118 }
    );
    expect(header(node).textContent).toBe(
      'area × 2on This computer · edited since it ran3 min 12 s · about 2 min left'
    );
  });
});
