// @vitest-environment node
import { afterEach, describe, expect, it } from 'vitest';

import { Client } from './client.js';
import { ComputeError, SubmitOutcomeUnknown } from './errors.js';
import { Executor } from './executor.js';
import { ComputeSerializer } from './serialize/serializer.js';
import { BatchPartlySubmitted } from './taskerrors.js';
import { FaultyService } from './testing/faultyservice.js';
import { AxiosTransport } from './transport.js';

const LIMIT = { requests: 60, periodMs: 1000 };

/** Room for what the machine adds between leave to send and the note of it. */
const JITTER_MS = 250;

/** When each request was begun, repetitions included, in milliseconds. */
let begunMs: number[] = [];

let service: FaultyService | undefined;

afterEach(() => {
  service?.stop();
});

async function clientOf(faulty: FaultyService): Promise<Client> {
  service = faulty;
  begunMs = [];
  return new Client({
    transport: new AxiosTransport({
      baseUrl: await faulty.start(),
      // Asked for each attempt. When requests arrive says less: a busy machine
      // lets some wait and then delivers them together.
      authorize: () => {
        begunMs.push(performance.now());
        return {};
      },
      timeoutMs: 400,
      retryDelayMs: 2
    }),
    serializer: new ComputeSerializer({ dataStrategy: '11' }),
    rateLimit: LIMIT
  });
}

/** A call's outcome: its argument, and the value or the error. */
interface IOutcome {
  n: number;
  value?: unknown;
  error?: unknown;
}

async function outcomeOf(
  n: number,
  result: PromiseLike<unknown>
): Promise<IOutcome> {
  try {
    return { n, value: await result };
  } catch (error) {
    return { n, error };
  }
}

/** What must hold for every call, whatever went wrong. */
function check(faulty: FaultyService, { n, value, error }: IOutcome): void {
  const times = faulty.acted.get(n) ?? 0;
  expect(times, `call ${n} was carried out`).toBeLessThanOrEqual(1);
  if (error === undefined) {
    expect([n, value, times]).toEqual([n, n, 1]);
    return;
  }
  expect(error).toBeInstanceOf(ComputeError);
  if (error instanceof SubmitOutcomeUnknown) {
    // The group tells what became of it.
    const group = faulty.groups.get(error.taskGroupId!) ?? [];
    expect(group.includes(n)).toBe(times === 1);
  } else {
    expect([n, times, (error as Error).name]).toEqual([
      n,
      0,
      (error as Error).name
    ]);
  }
}

/** Most requests within any time of a length. */
function busiest(timesMs: readonly number[], lengthMs: number): number {
  let first = 0;
  let most = 0;
  timesMs.forEach((atMs, i) => {
    while (timesMs[first] < atMs - lengthMs) {
      first += 1;
    }
    most = Math.max(most, i - first + 1);
  });
  return most;
}

describe('A service that fails', () => {
  it.each([1, 2026])(
    'runs nothing twice and loses nothing in silence (seed %i)',
    { timeout: 60_000 },
    async seed => {
      const faulty = new FaultyService(seed, 0.35);
      const client = await clientOf(faulty);
      const executor = new Executor({ client, endpointId: 'e', batchSize: 3 });
      const outcomes: Promise<IOutcome>[] = [];
      for (let n = 0; n < 360; n++) {
        outcomes.push(outcomeOf(n, executor.submit('f', [n])));
      }
      for (let n = 1000; n < 1060; n++) {
        const taskId = client.run({
          functionId: 'f',
          endpointId: 'e',
          args: [n]
        });
        outcomes.push(outcomeOf(n, taskId.then(Number)));
      }
      for (const outcome of await Promise.all(outcomes)) {
        check(faulty, outcome);
      }
      const errors = (await Promise.all(outcomes)).filter(({ error }) => error);
      expect(errors.length).toBeGreaterThan(20);
      expect(errors.length).toBeLessThan(320);
      expect(faulty.shown.size).toBe(10);
      expect(faulty.requestsMs.length).toBeLessThanOrEqual(begunMs.length);
      expect(busiest(begunMs, LIMIT.periodMs - JITTER_MS)).toBeLessThanOrEqual(
        LIMIT.requests
      );
    }
  );

  it('says of a large batch which parts were taken', async () => {
    const faulty = new FaultyService(7, 0.3);
    const client = await clientOf(faulty);
    const outcomes = new Map<string, number>();
    for (let round = 0; round < 30; round++) {
      const batch = client.createBatch();
      for (let i = 0; i < 4; i++) {
        const n = 10 * round + i;
        batch.add({ endpointId: `e${i}`, functionId: 'f', args: [n] });
      }
      const result = await client.batchRun(batch).catch((e: unknown) => e);
      const name = (result as Error).name as string | undefined;
      outcomes.set(name ?? 'ok', (outcomes.get(name ?? 'ok') ?? 0) + 1);
      const { taskIds } = result as { taskIds?: readonly string[] };
      for (let i = 0; i < 4; i++) {
        const n = 10 * round + i;
        const times = faulty.acted.get(n) ?? 0;
        expect(times).toBeLessThanOrEqual(1);
        if (taskIds?.[i] !== undefined) {
          expect([taskIds[i], times]).toEqual([String(n), 1]);
        } else if (times === 1) {
          // Only the part whose answer was lost may be running unseen.
          const error =
            result instanceof BatchPartlySubmitted ? result.cause : result;
          expect(error).toBeInstanceOf(SubmitOutcomeUnknown);
        }
      }
    }
    expect(outcomes.get('ok')).toBeGreaterThan(3);
    expect(outcomes.get('BatchPartlySubmitted')).toBeGreaterThan(3);
  }, 30_000);

  it('registers a function or says why not', async () => {
    const client = await clientOf(new FaultyService(3, 0.5));
    const registered = await Promise.allSettled(
      Array.from({ length: 40 }, () =>
        client.registerFunction({ name: 'f', source: 'def f(): pass' })
      )
    );
    for (const one of registered) {
      if (one.status === 'fulfilled') {
        expect(one.value).toBe('f');
      } else {
        expect(one.reason).toBeInstanceOf(ComputeError);
      }
    }
    expect(registered.some(one => one.status === 'rejected')).toBe(true);
  }, 30_000);
});
