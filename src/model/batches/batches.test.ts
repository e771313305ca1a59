// @vitest-environment node
import { beforeEach, describe, expect, it } from 'vitest';

import type { ITransport, ITransportRequest } from '../../sdk';
import {
  ApiError,
  Client,
  NetworkError,
  NotFoundError,
  ResultPoller
} from '../../sdk';
import { SignInGate } from '../accounts/signInGate';
import type { IFunctionSource } from '../functions';
import { FunctionRegistry } from '../functions';
import type { IService } from '../services';
import { FakeAccounts } from '../testing/fakeAccounts';
import { FakeEvents } from '../testing/fakeEvents';
import { FakeVault } from '../testing/fakeVault';
import { Landings } from '../vault/landings';
import { VaultList } from '../vault/vaultList';
import { Batches } from './batches';
import type { ITaskRequest } from './submission';

const ORIGIN = {
  title: 'area',
  service: 'local',
  endpoint: { id: 'ep', name: 'This computer' },
  notebookPath: 'hello.ipynb',
  cellId: 'c1'
};

const AREA = { name: 'area', entry: '_e', source: 'def _e(): 0', hash: 'h1' };
const OTHER = { name: 'other', entry: '_e', source: 'def _e(): 1', hash: 'h2' };

const call = (index: number, source: IFunctionSource = AREA): ITaskRequest => ({
  index,
  label: `${source.name}(${index})`,
  line: 5,
  function: source,
  payload: `payload ${index}`
});

type Answer = unknown;

/** Answers expected requests in order and refuses all others. */
class Script implements ITransport {
  expect(method: string, path: string, answer: Answer): this {
    this._expected.push({ method, path, answer });
    return this;
  }

  request(request: ITransportRequest): Promise<unknown> {
    this.seen.push(request);
    const next = this._expected.shift();
    if (next?.method !== request.method || next.path !== request.path) {
      return Promise.reject(
        new Error(`unexpected ${request.method} ${request.path}`)
      );
    }
    return next.answer instanceof Error
      ? Promise.reject(next.answer)
      : Promise.resolve(next.answer);
  }

  readonly seen: ITransportRequest[] = [];
  private readonly _expected: {
    method: string;
    path: string;
    answer: Answer;
  }[] = [];
}

const receipt = (tasks: Record<string, string[]>): Answer => ({
  request_id: 'r',
  task_group_id: 'group',
  endpoint_id: 'ep',
  tasks
});

const SUBMIT = '/v3/endpoints/ep/submit';

describe('Batches', () => {
  let script: Script;
  let vault: FakeVault;
  let batches: Batches;
  let accounts: FakeAccounts;
  let landings: Landings;

  beforeEach(() => {
    script = new Script();
    vault = new FakeVault();
    landings = new Landings(vault);
    accounts = new FakeAccounts([], { refresh: () => Promise.resolve() });
    const client = new Client({ transport: script });
    const service: IService = {
      profile: {
        name: 'local',
        label: 'This computer',
        kind: 'other',
        needsAccount: false,
        features: { cancel: true, events: false }
      },
      client,
      transport: script,
      results: new ResultPoller(client, { minIntervalMs: 0, maxIntervalMs: 1 }),
      functions: new FunctionRegistry(client)
    };
    batches = new Batches({
      services: {
        get: () => Promise.resolve(service),
        find: () => service.profile
      },
      signIns: new SignInGate(accounts),
      vault,
      list: new VaultList(vault, new FakeEvents()),
      landings
    });
  });

  it('registers each function once and submits all calls together', async () => {
    script
      .expect('POST', '/v3/functions', { function_uuid: 'f1' })
      .expect('POST', '/v3/functions', { function_uuid: 'f2' })
      .expect('POST', SUBMIT, receipt({ f1: ['a', 'c'], f2: ['b'] }));
    const batch = batches.create(ORIGIN);
    await batches.submit(batch, [call(0), call(1, OTHER), call(2)]);
    expect(batch.tasks.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(batch.snapshot().functionIds).toEqual(['f1', 'f2']);

    // The same source again: no new registration, the same task group.
    script.expect('POST', SUBMIT, receipt({ f1: ['d'] }));
    await batches.submit(batch, [call(3)]);
    expect(script.seen.at(-1)?.body).toMatchObject({ task_group_id: 'group' });
    expect(batch.tasks[3].id).toBe('d');
  });

  it('claims the writing of what it submits', async () => {
    script
      .expect('POST', '/v3/functions', { function_uuid: 'f1' })
      .expect('POST', SUBMIT, receipt({ f1: ['a'] }));
    const batch = batches.create(ORIGIN);
    expect(landings.holds(batch.id)).toBe(false);
    await batches.submit(batch, [call(0)]);
    expect(vault.plans).toMatchObject([
      { id: batch.id, client: landings.client }
    ]);
    expect(landings.holds(batch.id)).toBe(true);
    await landings.end(batch.id, 'release');
  });

  it('gives the claim back when the submission fails', async () => {
    script
      .expect('POST', '/v3/functions', { function_uuid: 'f1' })
      .expect('POST', SUBMIT, new Error('Not now.'));
    const batch = batches.create(ORIGIN);
    await expect(batches.submit(batch, [call(0)])).rejects.toThrow();
    expect(vault.plans).toHaveLength(1);
    expect(landings.holds(batch.id)).toBe(false);
  });

  it('registers a source once for each way to register it', async () => {
    script
      .expect('POST', '/v3/functions', { function_uuid: 'f1' })
      .expect('POST', SUBMIT, receipt({ f1: ['a'] }))
      .expect('POST', '/v3/functions', { function_uuid: 'f2' })
      .expect('POST', SUBMIT, receipt({ f2: ['b'], mine: ['c'] }));
    const batch = batches.create(ORIGIN);
    await batches.submit(batch, [call(0)]);
    await batches.submit(batch, [
      call(1, {
        ...AREA,
        registration: { public: true, description: 'An area' }
      }),
      call(2, { ...AREA, hash: '', id: 'mine' })
    ]);
    expect(script.seen[2].body).toMatchObject({
      public: true,
      description: 'An area'
    });
    expect(batch.tasks.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('passes on how the tasks are to run', async () => {
    script
      .expect('POST', '/v3/functions', { function_uuid: 'f1' })
      .expect('POST', SUBMIT, receipt({ f1: ['a'] }));
    await batches.submit(batches.create(ORIGIN), [call(0)], {
      userEndpointConfig: { nodes: 2 },
      resourceSpecification: { num_ranks: 4 },
      resultSerializers: ['globus_compute_sdk.serialize.JSONData']
    });
    expect(script.seen[1].body).toMatchObject({
      user_endpoint_config: { nodes: 2 },
      resource_specification: { num_ranks: 4 },
      result_serializers: ['globus_compute_sdk.serialize.JSONData']
    });
  });

  it('registers again when the service has lost a function', async () => {
    script
      .expect('POST', '/v3/functions', { function_uuid: 'old' })
      .expect('POST', SUBMIT, new NotFoundError('No such function.'))
      .expect('POST', '/v3/functions', { function_uuid: 'new' })
      .expect('POST', SUBMIT, receipt({ new: ['a'] }));
    const batch = batches.create(ORIGIN);
    await batches.submit(batch, [call(0)]);
    expect(batch.state).toBe('waiting');
    expect(batch.counts.total).toBe(1);
  });

  it('tries a failed registration again the next time', async () => {
    script.expect('POST', '/v3/functions', new ApiError('Busy.'));
    const first = batches.create(ORIGIN);
    await expect(batches.submit(first, [call(0)])).rejects.toThrow('Busy.');
    expect(first.state).toBe('problem');
    script
      .expect('POST', '/v3/functions', { function_uuid: 'f1' })
      .expect('POST', SUBMIT, receipt({ f1: ['a'] }));
    const second = batches.create(ORIGIN);
    await batches.submit(second, [call(0)]);
    expect(second.state).toBe('waiting');
  });

  it('never submits twice when the answer was lost', async () => {
    script
      .expect('POST', '/v3/functions', { function_uuid: 'f1' })
      .expect('POST', SUBMIT, new NetworkError('No answer.'));
    const batch = batches.create(ORIGIN);
    await expect(batches.submit(batch, [call(0)])).rejects.toThrow(
      /may or may not/
    );
    expect(script.seen).toHaveLength(2);
    expect(batch.note).toMatch(/may or may not/);
  });

  it('follows tasks to their end, and on when nobody waits', async () => {
    script
      .expect('POST', '/v3/functions', { function_uuid: 'f1' })
      .expect('POST', SUBMIT, receipt({ f1: ['a', 'b'] }));
    const batch = batches.create(ORIGIN);
    await batches.submit(batch, [call(0), call(1)]);
    const done = { status: 'success', result: '11\n1', completion_t: '5' };
    script
      .expect('POST', '/v2/batch_status', {
        results: {
          a: { task_id: 'a', ...done },
          b: { task_id: 'b', status: 'running' }
        }
      })
      .expect('POST', '/v2/batch_status', {
        results: { b: { task_id: 'b', ...done } }
      });
    const stop = new AbortController();
    const waiting = batches.settled(batch, stop.signal);
    const reason = new Error('enough');
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await batches.settled(batch).catch(() => undefined);
    expect(batch.counts.done).toBe(2);
    expect(batch.state).toBe('done');
  });

  it('forgets finished batches when asked', async () => {
    const running = batches.create(ORIGIN);
    running.plan([{ index: 0, label: 'x', line: null }]);
    const failed = batches.create(ORIGIN);
    failed.plan([{ index: 0, label: 'x', line: null }]);
    failed.fail('no');
    await Promise.resolve();
    expect(batches.items).toEqual([failed, running]);
    await expect(batches.clearFinished()).resolves.toEqual([failed.id]);
    expect(batches.items).toEqual([running]);
    expect(batches.get(failed.id)).toBeUndefined();
    await batches.restore([failed.id]);
    expect(batches.items).toEqual([failed, running]);
  });
});
