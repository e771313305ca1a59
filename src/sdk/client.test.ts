// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { Client } from './client';
import {
  ApiError,
  ComputeError,
  NetworkError,
  NotFoundError,
  RequestAborted,
  SerializationError,
  SubmitOutcomeUnknown,
  TaskExecutionFailed,
  TaskPending
} from './errors';
import { packBuffers } from './serialize/buffers';
import { OpaqueValue } from './serialize/opaque';
import { FakeTransport } from './testing/transport';

const EP = '4b116d3c-1703-4f8f-9f6f-39921e5864df';
const GROUP = 'aaaaaaaa-0000-4000-8000-000000000000';
const F = 'f0000000-0000-4000-8000-000000000001';
const G = 'f0000000-0000-4000-8000-000000000002';
const [T1, T2, T3] = ['t1', 't2', 't3'];

/** Pickle of 2, as a worker sends it. */
const TWO = '00\ngARLAi4=\n';

/** args `(1, 2)` and kwargs `{}`, as the Python SDK writes them. */
const PYTHON_CALL = packBuffers([
  '00\ngASVBwAAAAAAAABLAUsChpQu\n',
  '00\ngAR9lC4=\n'
]);

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
const submitRequest = (body: unknown) =>
  ({ method: 'POST', path: `/v3/endpoints/${EP}/submit`, body }) as const;
const receipt = (tasks: Record<string, string[]>) => ({
  request_id: 'r1',
  task_group_id: GROUP,
  endpoint_id: EP,
  tasks
});

describe('registerFunction', () => {
  const source = 'def f():\n  return 1\n';
  const request = (body: unknown) =>
    ({ method: 'POST', path: '/v3/functions', body }) as const;

  it('sends source', async () => {
    transport.expect(
      request({
        function_name: 'f',
        function_code: `${source.length + 5}\nst\nf:${source}`,
        serialized: true,
        meta: { python_version: '3.12', serde_identifier: 'st' },
        description: 'one',
        group: GROUP,
        public: true
      }),
      { function_uuid: F }
    );
    const id = await client.registerFunction({
      name: 'f',
      source,
      description: 'one',
      group: GROUP,
      public: true,
      metadata: { python_version: '3.12' }
    });
    expect(id).toBe(F);
  });

  it('sends code that was serialized elsewhere as it is', async () => {
    const serializedCode = '5\n01\nAA';
    transport.expect(
      request({
        function_name: 'f',
        function_code: serializedCode,
        serialized: true,
        meta: { serde_identifier: '01' }
      }),
      { function_uuid: F }
    );
    expect(await client.registerFunction({ name: 'f', serializedCode })).toBe(
      F
    );
  });

  it('refuses source that does not define the name', async () => {
    const call = client.registerFunction({ name: 'g', source });
    await expect(call).rejects.toThrow(SerializationError);
    const empty = client.registerFunction({ name: '', source });
    await expect(empty).rejects.toThrow(/no name/);
  });

  it('refuses an answer without an id', async () => {
    transport.expect(
      request({
        function_name: 'f',
        function_code: '',
        serialized: true,
        meta: {}
      }),
      { ok: true }
    );
    const call = client.registerFunction({ name: 'f', serializedCode: '' });
    await expect(call).rejects.toMatchObject({ code: 'INVALID_RESPONSE' });
  });
});

describe('run and batchRun', () => {
  it("submits one call with Python's bytes", async () => {
    transport.expect(
      submitRequest({
        create_queue: false,
        tasks: { [F]: [PYTHON_CALL] }
      }),
      receipt({ [F]: [T1] })
    );
    const call = { functionId: F, endpointId: EP, args: [1, 2] };
    expect(await client.run(call)).toBe(T1);
  });

  it('gives task ids in the order of the calls', async () => {
    const batch = client.createBatch({
      taskGroupId: GROUP,
      userEndpointConfig: { nodes: 1 },
      resourceSpecification: { ranks: 2 },
      resultSerializers: ['a.B'],
      userRuntime: { python: 3 },
      createQueue: true
    });
    batch.addSerialized(F, 'p1');
    batch.addSerialized(G, 'p2');
    batch.addSerialized(F, 'p3');
    expect(batch.length).toBe(3);
    expect(batch.taskGroupId).toBe(GROUP);
    transport.expect(
      submitRequest({
        create_queue: true,
        tasks: { [F]: ['p1', 'p3'], [G]: ['p2'] },
        task_group_id: GROUP,
        user_endpoint_config: { nodes: 1 },
        resource_specification: { ranks: 2 },
        result_serializers: ['a.B'],
        user_runtime: { python: 3 }
      }),
      receipt({ [G]: [T2], [F]: [T1, T3] })
    );
    expect(await client.batchRun(EP, batch)).toEqual({
      requestId: 'r1',
      taskGroupId: GROUP,
      endpointId: EP,
      taskIds: [T1, T2, T3],
      tasks: { [F]: [T1, T3], [G]: [T2] }
    });
  });

  it('refuses an empty batch and arguments that are no list', async () => {
    const batch = client.createBatch();
    await expect(client.batchRun(EP, batch)).rejects.toThrow(/no calls/);
    expect(() => {
      batch.add(F, 'abc' as unknown as unknown[]);
    }).toThrow(SerializationError);
    expect(() => {
      batch.add(F, [], [1] as unknown as Record<string, unknown>);
    }).toThrow(SerializationError);
    expect(batch.length).toBe(0);
  });

  const submit = (signal?: AbortSignal) => {
    const batch = client.createBatch({ taskGroupId: GROUP });
    batch.addSerialized(F, 'p');
    return client.batchRun(EP, batch, signal);
  };
  const request = submitRequest({
    create_queue: false,
    tasks: { [F]: ['p'] },
    task_group_id: GROUP
  });

  it.each([
    ['a timeout', new NetworkError('No answer.', { code: 'TIMEOUT' })],
    ['a gateway error', new ApiError('Bad gateway.', { httpStatus: 502 })],
    ['an abort on the way', new RequestAborted()],
    ['an answer that is no receipt', { surprise: true }],
    ['a receipt of too few tasks', receipt({ [F]: [] })]
  ])('does not know what became of the tasks after %s', async (_, answer) => {
    transport.expect(request, answer);
    const error: unknown = await submit().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(SubmitOutcomeUnknown);
    expect((error as SubmitOutcomeUnknown).taskGroupId).toBe(GROUP);
    expect((error as SubmitOutcomeUnknown).reason).toContain(GROUP);
  });

  it.each([
    ['never sent', new NetworkError('No route.', { neverSent: true })],
    ['refused', new NotFoundError('No such endpoint.', { httpStatus: 404 })],
    ['not handled', new ApiError('Busy.', { httpStatus: 503 })]
  ])('passes the error on when the submission was %s', async (_, error) => {
    transport.expect(request, error);
    await expect(submit()).rejects.toBe(error);
  });

  it('knows that nothing was sent when the signal had fired before', async () => {
    const aborted = new RequestAborted();
    transport.expect(request, aborted);
    await expect(submit(AbortSignal.abort())).rejects.toBe(aborted);
  });
});

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
