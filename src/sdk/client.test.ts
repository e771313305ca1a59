// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { Client } from './client.js';
import {
  ApiError,
  NetworkError,
  NotFoundError,
  RequestAborted,
  SerializationError,
  SubmitOutcomeUnknown
} from './errors.js';
import { packBuffers } from './serialize/buffers.js';
import { FakeTransport } from './testing/transport.js';
import { COMPATIBLE_SDK_VERSION } from './versions.js';

const EP = '4b116d3c-1703-4f8f-9f6f-39921e5864df';
const GROUP = 'aaaaaaaa-0000-4000-8000-000000000000';
const F = 'f0000000-0000-4000-8000-000000000001';
const G = 'f0000000-0000-4000-8000-000000000002';
const [T1, T2, T3] = ['t1', 't2', 't3'];

/** args `(1, 2)` and kwargs `{}`, as the Python SDK writes them. */
const PYTHON_CALL = packBuffers([
  '00\ngASVBwAAAAAAAABLAUsChpQu\n',
  '00\ngAR9lC4=\n'
]);

/** What the service requires of every registration. */
const META = { python_version: '3', sdk_version: COMPATIBLE_SDK_VERSION };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-\w{12}$/;

let transport: FakeTransport;
let client: Client;

beforeEach(() => {
  transport = new FakeTransport();
  client = new Client({ transport });
});

afterEach(() => {
  transport.assertExhausted();
});

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
        meta: {
          python_version: '3.12',
          sdk_version: COMPATIBLE_SDK_VERSION,
          serde_identifier: 'st'
        },
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
        meta: { ...META, serde_identifier: '01' }
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
        meta: META
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
      submitRequest((body: { task_group_id: string }) => {
        expect(body.task_group_id).toMatch(UUID);
        expect({ ...body }).toMatchObject({
          create_queue: false,
          tasks: { [F]: [PYTHON_CALL] }
        });
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

  const submit = () => {
    const batch = client.createBatch({ taskGroupId: GROUP });
    batch.addSerialized(F, 'p');
    return client.batchRun(EP, batch);
  };
  const request = submitRequest({
    create_queue: false,
    tasks: { [F]: ['p'] },
    task_group_id: GROUP
  });

  it.each([
    ['a timeout', new NetworkError('No answer.', { code: 'TIMEOUT' })],
    ['a gateway error', new ApiError('Bad gateway.', { httpStatus: 502 })],
    ['an error inside', new ApiError('Oh no.', { httpStatus: 500 })],
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
    const unlimited = new Client({ transport, rateLimit: false });
    for (const target of [client, unlimited]) {
      const batch = target.createBatch({ taskGroupId: GROUP });
      batch.addSerialized(F, 'p');
      if (target === unlimited) {
        transport.expect(request, new RequestAborted());
      }
      await expect(
        target.batchRun(EP, batch, AbortSignal.abort())
      ).rejects.toBeInstanceOf(RequestAborted);
    }
  });
});
