// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { Client } from './client.js';
import {
  ApiError,
  ComputeError,
  TaskExecutionFailed,
  TaskPending
} from './errors.js';
import { OpaqueValue } from './serialize/opaque.js';
import { FakeTransport } from './testing/transport.js';

const EP = '4b116d3c-1703-4f8f-9f6f-39921e5864df';
const GROUP = 'aaaaaaaa-0000-4000-8000-000000000000';
const F = 'f0000000-0000-4000-8000-000000000001';
const G = 'f0000000-0000-4000-8000-000000000002';
const [T1, T2, T3] = ['t1', 't2', 't3'];

/** Pickle of 2, as a worker sends it. */
const TWO = '00\ngARLAi4=\n';

let transport: FakeTransport;
let client: Client;

beforeEach(() => {
  transport = new FakeTransport();
  client = new Client({ transport });
});

afterEach(() => {
  transport.assertExhausted();
});

const taskRequest = (id: string) =>
  ({ method: 'GET', path: `/v2/tasks/${id}` }) as const;
const statusRequest = (...ids: string[]) =>
  ({
    method: 'POST',
    path: '/v2/batch_status',
    body: { task_ids: ids }
  }) as const;
describe('tasks', () => {
  it('reads a task that waits', async () => {
    transport.expect(taskRequest(T1), { status: 'WAITING-FOR-EP' });
    expect(await client.getTask(T1)).toEqual({
      taskId: T1,
      pending: true,
      status: 'waiting-for-ep'
    });
    transport.expect(taskRequest(T1), { task_id: T1, status: 'running' });
    await expect(client.getResult(T1)).rejects.toMatchObject({
      name: 'TaskPending',
      taskId: T1,
      status: 'running'
    });
  });

  it('remembers a finished task', async () => {
    transport.expect(taskRequest(T1), {
      task_id: T1,
      status: 'success',
      result: TWO,
      completion_t: '1632876695.6450012',
      details: {
        python_version: '3.11.7',
        dill_version: '0.3.9',
        endpoint_id: EP,
        task_transitions: {
          'execution-start': 1692742841.5,
          'execution-end': 1692742842500000000
        }
      }
    });
    expect(await client.getResult(T1)).toBe(2);
    expect(await client.getResult(T1)).toBe(2);
    expect(await client.getTask(T1)).toEqual({
      taskId: T1,
      pending: false,
      status: 'success',
      result: 2,
      serialized: TWO,
      completionT: '1632876695.6450012',
      details: {
        pythonVersion: '3.11.7',
        dillVersion: '0.3.9',
        endpointId: EP,
        transitions: {
          'execution-start': 1692742841.5,
          'execution-end': 1692742842.5
        }
      }
    });
  });

  it('throws what a failed task raised', async () => {
    const exception =
      'Traceback (most recent call last):\n  File "x.py", line 1, in f\n' +
      'ValueError: bad 7\n';
    transport.expect(taskRequest(T1), {
      task_id: T1,
      status: 'failed',
      exception
    });
    const error: unknown = await client.getResult(T1).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(TaskExecutionFailed);
    expect(error).toMatchObject({
      taskId: T1,
      errorType: 'ValueError',
      errorMessage: 'bad 7',
      remoteText: exception,
      message: 'ValueError: bad 7'
    });
  });

  it('keeps a result that it cannot decode', async () => {
    transport.expect(taskRequest(T1), {
      task_id: T1,
      status: 'success',
      result: '00\nnonsense!'
    });
    const task = await client.getTask(T1);
    expect(task.result).toBeInstanceOf(OpaqueValue);
    expect(task.serialized).toBe('00\nnonsense!');
  });

  it('says so when the result is gone, or the reason for a failure', async () => {
    transport.expect(taskRequest(T1), { task_id: T1, status: 'success' });
    await expect(client.getResult(T1)).rejects.toMatchObject({
      code: 'RESULT_GONE'
    });
    transport.expect(taskRequest(T2), {
      task_id: T2,
      status: 'failed',
      reason: 'Endpoint is gone'
    });
    await expect(client.getResult(T2)).rejects.toThrow('Endpoint is gone');
  });

  it('refuses the answer for another task', async () => {
    transport.expect(taskRequest(T1), { task_id: T2, status: 'success' });
    await expect(client.getTask(T1)).rejects.toThrow(ApiError);
  });

  it('encodes ids', async () => {
    transport.expect(
      { method: 'GET', path: '/v2/tasks/..%2F%3Fx' },
      { status: 'received' }
    );
    await client.getTask('../?x');
  });

  it('asks for many at once, and never again for finished ones', async () => {
    transport.expect(statusRequest(T1, T2, T3), {
      response: 'batch',
      results: {
        [T1]: { task_id: T1, status: 'success', result: TWO },
        [T2]: { task_id: T2, status: 'failed', exception: 'Boom: x' }
      }
    });
    const first = await client.getBatchResult([T1, T2, T3, T1]);
    expect([...first.keys()].sort()).toEqual([T1, T2]);
    expect(first.get(T2)?.exception?.errorType).toBe('Boom');
    transport.expect(statusRequest(T3), {
      results: { [T3]: { status: 'running' } }
    });
    const second = await client.getBatchResult([T1, T2, T3]);
    expect(second.get(T1)?.result).toBe(2);
    expect(second.get(T3)?.pending).toBe(true);
    expect((await client.getBatchResult([T1, T2])).size).toBe(2);
    await expect(client.getResult(T3)).rejects.toThrow(TypeError);
  });

  it('tells a pending task by its class', () => {
    expect(new TaskPending(T1, 'running')).toBeInstanceOf(ComputeError);
  });
});

describe('groups, endpoints, functions, versions', () => {
  it('lists a task group', async () => {
    transport.expect(
      { method: 'GET', path: `/v2/taskgroup/${GROUP}` },
      { taskgroup_id: GROUP, tasks: [{ id: T1 }, { id: T2 }] }
    );
    expect(await client.getTaskGroup(GROUP)).toEqual({
      taskGroupId: GROUP,
      taskIds: [T1, T2]
    });
  });

  it('lists endpoints', async () => {
    const request = { method: 'GET', path: '/v2/endpoints' } as const;
    transport.expect({ ...request, query: { role: 'any' } }, [
      { uuid: EP, name: 'ep', display_name: 'Tutorial', owner: 'me' },
      { uuid: G, name: 'bare' }
    ]);
    expect(await client.getEndpoints()).toEqual([
      { id: EP, name: 'ep', displayName: 'Tutorial', owner: 'me' },
      { id: G, name: 'bare', displayName: 'bare' }
    ]);
    transport.expect({ ...request, query: { role: 'owner' } }, { no: 'list' });
    await expect(client.getEndpoints('owner')).rejects.toThrow(ApiError);
  });

  it('describes an endpoint', async () => {
    const raw = {
      uuid: EP,
      name: 'ep',
      multi_user: true,
      metadata: {
        python_version: '3.12.1',
        endpoint_version: '4.19.0',
        user_config_schema: { type: 'object' }
      }
    };
    transport.expect({ method: 'GET', path: `/v2/endpoints/${EP}` }, raw);
    expect(await client.getEndpointMetadata(EP)).toEqual({
      id: EP,
      name: 'ep',
      displayName: 'ep',
      multiUser: true,
      public: false,
      pythonVersion: '3.12.1',
      endpointVersion: '4.19.0',
      userConfigSchema: { type: 'object' },
      raw
    });
    transport.expect(
      { method: 'GET', path: `/v2/endpoints/${EP}/status` },
      { status: 'ONLINE', details: { managers: 1 } }
    );
    expect(await client.getEndpointStatus(EP)).toEqual({
      status: 'online',
      details: { managers: 1 }
    });
  });

  it('shows and deletes a function', async () => {
    const path = `/v2/functions/${F}`;
    transport.expect(
      { method: 'GET', path },
      {
        function_uuid: F,
        function_name: 'f',
        function_code: 'c',
        metadata: null
      }
    );
    expect(await client.getFunction(F)).toEqual({
      id: F,
      name: 'f',
      code: 'c',
      metadata: {}
    });
    transport.expect({ method: 'DELETE', path }, { result: 302 });
    await client.deleteFunction(F);
  });

  it('gives the versions', async () => {
    transport.expect(
      { method: 'GET', path: '/v2/version', query: { service: 'all' } },
      { api: '1.0.30', min_sdk_version: '2.0.0', min_ep_version: '2.1.0' }
    );
    expect(await client.getVersion()).toEqual({
      api: '1.0.30',
      minSdkVersion: '2.0.0',
      minEndpointVersion: '2.1.0'
    });
  });
});
