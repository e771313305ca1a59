// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { Client } from './client.js';
import { NotFoundError } from './errors.js';
import { Executor } from './executor.js';
import type { IResultSource } from './resultsource.js';
import { PayloadTooLarge } from './taskerrors.js';
import type { ITaskResult, ITransport } from './types.js';

describe('An executor', () => {
  const silent: ITransport = { request: () => new Promise(() => undefined) };

  it('cancels what was not sent, and then takes nothing more', async () => {
    const client = new Client({ transport: silent });
    const executor = new Executor({ client, endpointId: 'e' });
    const future = executor.submit('function', [1]);
    await executor.shutdown({ cancelFutures: true });
    expect(future.cancelled).toBe(true);
    expect(() => executor.submit('function')).toThrow(/shut down/);
    await executor.shutdown();
    const waiting = new Executor({ client, endpointId: 'e' });
    waiting.submit('function', [1]);
    await expect(waiting.shutdown({ timeoutMs: 20 })).rejects.toMatchObject({
      name: 'ResultTimeout'
    });
    expect(() => new Executor({ client }).submit('f')).toThrow(/no endpoint/);
  });

  it('submits again what differs in its settings, in one group', async () => {
    const bodies: Record<string, unknown>[] = [];
    const transport: ITransport = {
      request: async ({ body }) => {
        const { tasks, ...settings } = body as {
          tasks: Record<string, string[]>;
        };
        bodies.push({ ...settings, calls: tasks.f.length });
        return {
          task_group_id: (settings as { task_group_id: string }).task_group_id,
          tasks: { f: tasks.f.map((_, i) => `${bodies.length}-${i}`) }
        };
      }
    };
    const asked: string[] = [];
    const results: IResultSource = {
      watch: async (taskIds, onUpdate) => {
        asked.push(...taskIds);
        taskIds.forEach(taskId => {
          onUpdate({
            taskId,
            pending: false,
            status: 'success',
            serialized: '',
            result: taskId
          } satisfies ITaskResult);
        });
      }
    };
    const client = new Client({ transport, rateLimit: false });
    const executor = new Executor({
      client,
      endpointId: 'e',
      batchSize: 2,
      results
    });
    const futures = [1, 2, 3].map(x => executor.submit('f', [x]));
    executor.resourceSpecification = { num_nodes: 2 };
    futures.push(executor.submit('f', [4]));
    expect(await Promise.all(futures)).toEqual(['1-0', '1-1', '2-0', '3-0']);
    expect(asked).toEqual(['1-0', '1-1', '2-0', '3-0']);
    const group = executor.taskGroupId;
    expect(bodies).toEqual([
      { create_queue: false, task_group_id: group, calls: 2 },
      { create_queue: false, task_group_id: group, calls: 1 },
      {
        create_queue: false,
        task_group_id: group,
        calls: 1,
        resource_specification: { num_nodes: 2 }
      }
    ]);
  });

  it('asks for the tasks of all executors of a client at once', async () => {
    const asked: string[][] = [];
    let submits = 0;
    const transport: ITransport = {
      request: async ({ path, body }) => {
        if (path.endsWith('/submit')) {
          submits += 1;
          return { task_group_id: 'g', tasks: { f: [`task-${submits}`] } };
        }
        const { task_ids: ids } = body as { task_ids: string[] };
        asked.push(ids);
        const status = ids.length === 2 ? 'success' : 'running';
        const tasks = ids.map(id => [id, { status, result: '11\n1' }]);
        return { results: Object.fromEntries(tasks) as unknown };
      }
    };
    const client = new Client({ transport, rateLimit: false });
    const futures = [1, 2].map(() =>
      new Executor({ client, endpointId: 'e' }).submit('f')
    );
    // They finish only when both are asked for in one request.
    expect(await Promise.all(futures)).toEqual([1, 1]);
    expect(asked.at(-1)).toEqual(['task-1', 'task-2']);
  });

  it('maps all items or none', async () => {
    const client = new Client({ transport: silent, rateLimit: false });
    const executor = new Executor({ client, endpointId: 'e' });
    expect(() => executor.map('f', [1, 2, () => 3])).toThrow(/function/);
    // What was begun is cancelled: nothing is left to wait for.
    await executor.shutdown({ timeoutMs: 1000 });
    expect(executor.taskCountSubmitted).toBe(0);
  });

  it('sends what is too much for one request in parts', async () => {
    let requests = 0;
    const transport: ITransport = {
      request: async ({ body }) => {
        requests += 1;
        if (requests === 2) {
          throw new NotFoundError('Gone.', { httpStatus: 404 });
        }
        const { tasks } = body as { tasks: Record<string, string[]> };
        const ids = tasks.f.map((_, i) => `${requests}-${i}`);
        return { task_group_id: 'g', tasks: { f: ids } };
      }
    };
    const results: IResultSource = { watch: () => new Promise(() => null) };
    const client = new Client({ transport, rateLimit: false });
    const executor = new Executor({ client, endpointId: 'e', results });
    const text = 'x'.repeat(4_000_000);
    const futures = [1, 2, 3].map(() => executor.submit('f', [text]));
    await expect(futures[1].submitted).rejects.toThrow('Gone.');
    expect(await futures[0].submitted).toBe('1-0');
    // Never sent with the others, and so not lost with them.
    expect(await futures[2].submitted).toBe('3-0');
    expect(() => executor.submit('f', [text + text])).toThrow(PayloadTooLarge);
    expect(executor.taskCountSubmitted).toBe(2);
  });

  it('passes on why nothing more is learned of a task', async () => {
    const transport: ITransport = {
      request: async () => ({ task_group_id: 'g', tasks: { f: ['t'] } })
    };
    const results: IResultSource = {
      watch: () => Promise.reject(new NotFoundError('Gone.'))
    };
    const client = new Client({ transport });
    const executor = new Executor({ client, endpointId: 'e', results });
    await expect(executor.submit('f').result()).rejects.toThrow('Gone.');
  });
});
