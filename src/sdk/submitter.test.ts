// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { Client } from './client.js';
import { ApiError, NetworkError, SubmitOutcomeUnknown } from './errors.js';
import { BatchPartlySubmitted, PayloadTooLarge } from './taskerrors.js';
import type { ITransport, ITransportRequest } from './types.js';

const GROUP = 'aaaaaaaa-0000-4000-8000-000000000000';
const [F, G] = ['function-f', 'function-g'];

interface ISubmitted {
  endpoint: string;
  group?: string;
  tasks: Record<string, string[]>;
}

/** Takes submissions and names each task after its payload. */
class FakeService implements ITransport {
  readonly submitted: ISubmitted[] = [];
  answers: ((group?: string) => unknown)[] = [];

  async request({ path, body }: ITransportRequest): Promise<unknown> {
    const [, endpoint] = /^\/v3\/endpoints\/(\w+)\/submit$/.exec(path)!;
    const { tasks, task_group_id: group } = body as {
      tasks: Record<string, string[]>;
      task_group_id?: string;
    };
    this.submitted.push({ endpoint, group, tasks: { ...tasks } });
    const answer = this.answers.shift()?.(group);
    if (answer instanceof Error) {
      throw answer;
    }
    return {
      request_id: `request-${this.submitted.length}`,
      task_group_id: (answer as string | undefined) ?? group ?? GROUP,
      endpoint_id: endpoint,
      tasks: Object.fromEntries(
        Object.entries(tasks).map(([id, payloads]) => [
          id,
          payloads.map(payload => `task-${payload.slice(0, 9)}`)
        ])
      )
    };
  }
}

function make(): { service: FakeService; client: Client } {
  const service = new FakeService();
  return { service, client: new Client({ transport: service }) };
}

const refusal = () =>
  new ApiError('No such group.', {
    code: 'TASK_GROUP_NOT_FOUND',
    httpStatus: 404
  });

describe('a batch', () => {
  it('whose calls name endpoints is sent once to each, in order', async () => {
    const { service, client } = make();
    const batch = client.createBatch();
    batch.addSerialized(F, '1', 'a');
    batch.addSerialized(G, '2', 'b');
    batch.addSerialized(G, '3', 'a');
    batch.addSerialized(F, '4', 'a');
    const receipt = await client.batchRun(batch);
    expect(receipt.taskIds).toEqual(['task-1', 'task-2', 'task-3', 'task-4']);
    expect(receipt.submissions.map(one => one.endpointId)).toEqual(['a', 'b']);
    expect(service.submitted).toEqual([
      {
        endpoint: 'a',
        group: receipt.taskGroupId,
        tasks: { [F]: ['1', '4'], [G]: ['3'] }
      },
      { endpoint: 'b', group: receipt.taskGroupId, tasks: { [G]: ['2'] } }
    ]);
    expect(receipt.taskGroupId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('takes the form of the user guide', async () => {
    const { service, client } = make();
    const batch = client.createBatch();
    batch.add({ endpointId: 'a', functionId: F, args: [0], kwargs: { k: 1 } });
    batch.add(F, [0], { k: 1 });
    expect(batch.calls[0].payload).toBe(batch.calls[1].payload);
    await expect(client.batchRun(batch)).rejects.toMatchObject({
      code: 'NO_ENDPOINT'
    });
    await expect(client.batchRun('b', batch)).rejects.toMatchObject({
      code: 'OTHER_ENDPOINT'
    });
    expect(service.submitted).toEqual([]);
    expect((await client.batchRun('a', batch)).taskIds).toHaveLength(2);
  });

  it('over 10 MB is sent in parts of one group', async () => {
    const { service, client } = make();
    const batch = client.createBatch();
    for (let i = 0; i < 7; i++) {
      batch.addSerialized(i % 2 ? F : G, `${i}`.padEnd(3_000_000, 'x'));
    }
    const receipt = await client.batchRun('a', batch);
    expect(service.submitted).toHaveLength(3);
    expect(new Set(service.submitted.map(one => one.group)).size).toBe(1);
    expect(receipt.taskIds).toEqual(
      Array.from({ length: 7 }, (_, i) => `task-${i}`.padEnd(14, 'x'))
    );
    expect(Object.values(receipt.tasks).flat()).toHaveLength(7);
  });

  it('with one call too large is not sent at all', async () => {
    const { service, client } = make();
    const batch = client.createBatch();
    batch.addSerialized(F, 'small');
    batch.addSerialized(F, 'é'.repeat(6_000_000));
    const error: unknown = await client
      .batchRun('a', batch)
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(PayloadTooLarge);
    expect(error).toMatchObject({ position: 1, bytes: 12_000_000 });
    expect(service.submitted).toEqual([]);
  });

  it('that fails in the middle says what was taken', async () => {
    const { service, client } = make();
    const batch = client.createBatch({ taskGroupId: GROUP });
    ['a', 'b', 'c'].forEach(endpoint => {
      batch.addSerialized(F, endpoint, endpoint);
    });
    service.answers = [() => undefined, () => new NetworkError('Cut.')];
    const error = (await client
      .batchRun(batch)
      .catch((e: unknown) => e)) as BatchPartlySubmitted;
    expect(error).toBeInstanceOf(BatchPartlySubmitted);
    expect(error.taskIds).toEqual(['task-a', undefined, undefined]);
    expect(error.failed).toEqual([1]);
    expect(error.cause).toBeInstanceOf(SubmitOutcomeUnknown);
    expect(error.taskGroupId).toBe(GROUP);
    expect(service.submitted).toHaveLength(2);
  });
});

describe('a call that waits for its turn', () => {
  it('can be given up, and was certainly not sent', async () => {
    const service = new FakeService();
    const rateLimit = { requests: 1, periodMs: 60_000 };
    const client = new Client({ transport: service, rateLimit });
    const call = { functionId: F, endpointId: 'a' };
    await client.run(call);
    const controller = new AbortController();
    const waiting = client.run({ ...call, signal: controller.signal });
    controller.abort();
    await expect(waiting).rejects.toMatchObject({
      name: 'AbortError',
      neverSent: true
    });
    expect(service.submitted).toHaveLength(1);
  });
});

describe('a task group', () => {
  it('is known when the answer is lost', async () => {
    const { service, client } = make();
    service.answers = [() => new NetworkError('Cut.')];
    const error = (await client
      .run({ functionId: F, endpointId: 'a' })
      .catch((e: unknown) => e)) as SubmitOutcomeUnknown;
    expect(error).toBeInstanceOf(SubmitOutcomeUnknown);
    expect(error.taskGroupId).toBe(service.submitted[0].group);
  });

  it.each([
    ['refuse ours', refusal, 3],
    ['make their own', () => GROUP, 2]
  ])('is left to services that %s', async (_, answer, requests) => {
    const { service, client } = make();
    service.answers = [answer];
    await client.run({ functionId: F, endpointId: 'a' });
    service.answers = [];
    await client.run({ functionId: F, endpointId: 'a' });
    expect(service.submitted).toHaveLength(requests);
    expect(service.submitted[0].group).toBeDefined();
    expect(service.submitted.at(-1)?.group).toBeUndefined();
  });

  it('that the caller named is never replaced', async () => {
    const { service, client } = make();
    const batch = client.createBatch({ taskGroupId: GROUP });
    batch.addSerialized(F, '1');
    service.answers = [refusal];
    await expect(client.batchRun('a', batch)).rejects.toMatchObject({
      code: 'TASK_GROUP_NOT_FOUND'
    });
    expect(service.submitted).toHaveLength(1);
  });
});
