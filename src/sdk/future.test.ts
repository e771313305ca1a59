// @vitest-environment node
import { describe, expect, it, vi } from 'vitest';

import { asCompleted } from './completed.js';
import { ComputeError, TaskExecutionFailed } from './errors.js';
import { TaskFuture } from './future.js';
import { ResultTimeout, TaskCancelled } from './taskerrors.js';

const success = (taskId: string, result: unknown) => ({
  taskId,
  pending: false,
  status: 'success',
  serialized: '',
  result
});

describe('TaskFuture', () => {
  it('goes from queued to done', async () => {
    const future = new TaskFuture<number>();
    const callback = vi.fn();
    future.addDoneCallback(callback);
    expect(future.status).toBe('queued');
    expect(future.taskId).toBeUndefined();
    future.markSent();
    future.accept('t', 'g');
    expect(await future.submitted).toBe('t');
    expect([future.taskId, future.taskGroupId]).toEqual(['t', 'g']);
    future.update({ taskId: 't', pending: true, status: 'running' });
    expect([future.status, future.done]).toEqual(['running', false]);
    future.update(success('t', 2));
    expect(future.done).toBe(true);
    expect(await future).toBe(2);
    expect(await future.exception()).toBeNull();
    future.update(success('t', 3));
    expect(await future.result()).toBe(2);
    expect(callback).toHaveBeenCalledTimes(1);
    expect(future.cancel()).toBe(false);
  });

  it('fails with what the task raised', async () => {
    const future = new TaskFuture();
    const exception = new TaskExecutionFailed('t', 'ValueError: no');
    future.accept('t');
    future.update({ taskId: 't', pending: false, status: 'failed', exception });
    await expect(future.result()).rejects.toBe(exception);
    expect(await future.exception()).toBe(exception);
  });

  it('fails when the service has lost the result', async () => {
    const future = new TaskFuture();
    future.update({ taskId: 't', pending: false, status: 'success' });
    await expect(future.result()).rejects.toMatchObject({
      code: 'RESULT_GONE'
    });
  });

  it('can be cancelled until it is sent', async () => {
    const [waiting, sent] = [new TaskFuture(), new TaskFuture()];
    expect(waiting.cancel()).toBe(true);
    expect(waiting.cancel()).toBe(true);
    expect(waiting.cancelled).toBe(true);
    await expect(waiting.result()).rejects.toThrow(TaskCancelled);
    await expect(waiting.submitted).rejects.toThrow(TaskCancelled);
    sent.markSent();
    expect(sent.cancel()).toBe(false);
    expect(sent.done).toBe(false);
  });

  it('can be waited for a while only', async () => {
    const future = new TaskFuture<number>();
    future.accept('t');
    await expect(future.result({ timeoutMs: 5 })).rejects.toMatchObject({
      name: 'ResultTimeout',
      taskId: 't'
    });
    const controller = new AbortController();
    const wait = future.exception({ signal: controller.signal });
    controller.abort();
    await expect(wait).rejects.toMatchObject({ name: 'AbortError' });
    await expect(
      future.result({ signal: AbortSignal.abort() })
    ).rejects.toMatchObject({ name: 'AbortError' });
    future.update(success('t', 1));
    expect(await future.result({ timeoutMs: 1000 })).toBe(1);
  });
});

describe('asCompleted', () => {
  it('gives results as they come, failures included', async () => {
    const futures = [1, 2, 3].map(() => new TaskFuture<number>());
    const seen: [number, unknown][] = [];
    const loop = (async () => {
      for await (const { index, value, error } of asCompleted(futures)) {
        seen.push([index, error?.message ?? value]);
      }
    })();
    futures[2].update(success('c', 30));
    await vi.waitFor(() => {
      expect(seen).toHaveLength(1);
    });
    futures[0].fail(new ComputeError('lost'));
    futures[1].update(success('b', 20));
    await loop;
    expect(seen).toEqual([
      [2, 30],
      [0, 'lost'],
      [1, 20]
    ]);
  });

  it('ends when told', async () => {
    const drain = async (options: object) => {
      for await (const task of asCompleted([new TaskFuture()], options)) {
        throw new Error(`unexpected ${task.index}`);
      }
    };
    await expect(drain({ timeoutMs: 5 })).rejects.toThrow(ResultTimeout);
    const signal = AbortSignal.timeout(5);
    await expect(drain({ signal })).rejects.toMatchObject({
      name: 'AbortError'
    });
  });
});
