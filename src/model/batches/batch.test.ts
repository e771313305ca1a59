// @vitest-environment node
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { TaskExecutionFailed } from '../../sdk';
import { makeRecord } from '../testing/fakeVault';
import { Batch } from './batch';

const ORIGIN = {
  title: 'area',
  service: 'local',
  endpoint: { id: 'ep', name: 'This computer' },
  notebookPath: 'hello.ipynb',
  cellId: 'c1'
};

function batchOf(count: number): Batch {
  const batch = new Batch(ORIGIN);
  const indexes = Array.from({ length: count }, (_, index) => index);
  batch.plan(
    indexes.map(index => ({ index, label: `area(${index})`, line: 5 }))
  );
  batch.accept(
    'group',
    ['fn'],
    new Map(indexes.map(index => [index, `t${index}`]))
  );
  return batch;
}

const success = (
  taskId: string,
  result: unknown = 1
): Parameters<Batch['update']>[0] => ({
  taskId,
  pending: false,
  status: 'success',
  serialized: '00\nx',
  result,
  completionT: '110.5',
  details: {
    pythonVersion: '3.11.7',
    transitions: { 'execution-start': 110, 'execution-end': 110.25 }
  }
});

describe('Batch', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 100_000 });
    return () => vi.useRealTimers();
  });

  it('is sending until the service has accepted it', () => {
    const batch = new Batch(ORIGIN);
    batch.plan([{ index: 0, label: 'area(1)', line: null }]);
    expect(batch.state).toBe('sending');
    batch.accept('group', ['fn'], new Map([[0, 't0']]));
    expect(batch.state).toBe('waiting');
    expect(batch.tasks[0]).toMatchObject({ id: 't0', submitted: 100 });
  });

  it('counts its tasks as they go on', () => {
    const batch = batchOf(3);
    batch.update({ taskId: 't1', pending: true, status: 'running' });
    expect(batch.counts).toEqual({
      total: 3,
      waiting: 2,
      running: 1,
      done: 0,
      failed: 0
    });
    batch.update(success('t1'));
    batch.update(success('t0'));
    expect(batch.state).toBe('running');
    expect(batch.isFinal).toBe(false);
    batch.update(success('t2'));
    expect(batch.state).toBe('done');
    expect(batch.ended).toBe(110.25);
    expect(batch.counts.done).toBe(3);
  });

  it('takes each result once, in task order', () => {
    const batch = batchOf(2);
    batch.update(success('t1'));
    batch.update(
      success(
        't0',
        new Map<string, unknown>([
          ['gc', 1],
          ['out', 'hi\n']
        ])
      )
    );
    batch.update(success('t0'));
    expect(batch.takeOutputs()).toMatchObject([
      { index: 0, ok: true, data: '00\nx', stdout: 'hi\n' },
      { index: 1, ok: true }
    ]);
    expect(batch.takeOutputs()).toEqual([]);
    expect(batch.counts.done).toBe(2);
  });

  it('keeps why a task failed', () => {
    const batch = batchOf(1);
    batch.update({
      taskId: 't0',
      pending: false,
      status: 'failed',
      exception: new TaskExecutionFailed(
        't0',
        'Traceback (most recent call last):\nValueError: bad'
      )
    });
    expect(batch.state).toBe('failed');
    expect(batch.firstFailure).toMatchObject({
      type: 'ValueError',
      message: 'bad'
    });
    expect(batch.takeOutputs()).toMatchObject([{ index: 0, ok: false }]);
  });

  it('tries a failed task again', () => {
    const batch = batchOf(2);
    batch.update(success('t1'));
    batch.update({
      taskId: 't0',
      pending: false,
      status: 'failed',
      exception: new TaskExecutionFailed('t0', 'ValueError: bad')
    });
    batch.plan([{ index: 0, label: 'area(0)', line: 3 }]);
    expect(batch.state).toBe('sending');
    expect(batch.counts).toEqual({
      total: 2,
      waiting: 1,
      running: 0,
      done: 1,
      failed: 0
    });
    expect(batch.firstFailure).toBeUndefined();
    batch.accept('g', ['f'], new Map([[0, 'again']]));
    // What still comes of the first attempt says nothing of the second.
    batch.update(success('t0'));
    expect(batch.tasks[0]).toMatchObject({ state: 'received', attempts: 2 });
    batch.update(success('again'));
    expect(batch.state).toBe('done');
    expect(batch.takeOutputs()).toMatchObject([
      { index: 0, ok: true },
      { index: 1, ok: true }
    ]);
  });

  it('calls a result that the service no longer has a failure', () => {
    const batch = batchOf(1);
    batch.update({
      taskId: 't0',
      pending: false,
      status: 'success',
      reason: 'The result was dropped.'
    });
    expect(batch.state).toBe('failed');
    expect(batch.firstFailure?.message).toBe('The result was dropped.');
    expect(batch.counts).toMatchObject({ done: 0, failed: 1 });
  });

  it('says why it could not be sent', () => {
    const batch = new Batch(ORIGIN);
    batch.plan([{ index: 0, label: 'area(1)', line: null }]);
    batch.fail('No connection.');
    expect(batch.snapshot()).toMatchObject({
      state: 'problem',
      note: 'No connection.',
      ended: 100
    });
    expect(batch.isFinal).toBe(true);
  });

  it('tells of many changes once', async () => {
    const batch = batchOf(50);
    const heard = vi.fn();
    batch.changed.connect(heard);
    for (let index = 0; index < 50; index += 1) {
      batch.update(success(`t${index}`));
    }
    await vi.advanceTimersByTimeAsync(1000);
    expect(heard.mock.calls.length).toBeGreaterThan(0);
    expect(heard.mock.calls.length).toBeLessThan(5);
  });

  it('is of the notebook that the vault names', () => {
    const batch = batchOf(1);
    expect(batch.notebookPath).toBe('hello.ipynb');
    batch.adopt(makeRecord({ notebookPath: 'renamed.ipynb' }));
    expect(batch.notebookPath).toBe('renamed.ipynb');
  });

  it('saves a large batch in part, with its counts whole', () => {
    const batch = batchOf(3000);
    for (let index = 1000; index < 1500; index += 1) {
      batch.update({
        taskId: `t${index}`,
        pending: false,
        status: 'failed',
        exception: new TaskExecutionFailed(`t${index}`, 'E: no')
      });
    }
    const { tasks, counts } = batch.snapshot();
    expect(tasks).toHaveLength(1100);
    expect(counts).toMatchObject({ total: 3000, failed: 500 });
  });

  it('saves what is plain JSON', () => {
    const batch = batchOf(1);
    batch.update(success('t0'));
    const snapshot = batch.snapshot();
    expect(JSON.parse(JSON.stringify(snapshot))).toMatchObject({
      version: 1,
      title: 'area',
      pythonVersion: '3.11.7',
      functionIds: ['fn'],
      taskGroupId: 'group',
      tasks: [{ label: 'area(0)', started: 110, ended: 110.25, line: 5 }]
    });
  });
});
