// @vitest-environment node
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Client } from './client.js';
import { asCompleted } from './completed.js';
import { NotFoundError, TaskExecutionFailed } from './errors.js';
import { Executor } from './executor.js';
import { MPIFunction } from './mpifunction.js';
import { ShellFunction } from './shellfunction.js';
import { ShellResult } from './shellresult.js';
import { LocalService, skipsLocalService } from './testing/localservice.js';
import type { ITransport } from './types.js';

const DOUBLE = { name: 'double', source: 'def double(x):\n    return 2 * x\n' };
const DIVIDE = {
  name: 'divide',
  source: '    def divide(a, b=1):\n        return a / b\n'
};

describe.skipIf(skipsLocalService)(
  `An executor and the local service (${skipsLocalService ?? 'running'})`,
  { timeout: 60_000 },
  () => {
    let service: LocalService;
    let client: Client;
    let executor: Executor;

    beforeAll(async () => {
      service = await LocalService.start();
      client = service.client();
      const endpointId = service.address.endpoint_id;
      executor = new Executor({ client, endpointId, label: 'test' });
    }, 60_000);

    afterAll(async () => {
      await executor.shutdown({ timeoutMs: 10_000 });
      await service.stop();
    });

    it('submits and gives values', async () => {
      const future = executor.submit<number>(DOUBLE, [21]);
      expect(future.done).toBe(false);
      expect(await future).toBe(42);
      expect(await future.submitted).toBe(future.taskId);
      expect(future.taskGroupId).toBe(executor.taskGroupId);
      expect(future.task?.details?.pythonVersion).toMatch(/^3\./);
      const id = await executor.registerFunction(DIVIDE);
      expect(await executor.submitToRegisteredFunction(id, [1], { b: 4 })).toBe(
        0.25
      );
      const failed = await executor.submit(DIVIDE, [1, 0]).exception();
      expect(failed).toBeInstanceOf(TaskExecutionFailed);
      expect(failed).toMatchObject({ errorType: 'ZeroDivisionError' });
    });

    it('maps 500 tasks, in few requests', async () => {
      const paths: string[] = [];
      const inner = service.transport();
      const transport: ITransport = {
        request: request => {
          paths.push(request.path);
          return inner.request(request);
        }
      };
      const { endpoint_id: endpointId } = service.address;
      const counted = new Executor({
        client: new Client({ transport, rateLimit: false }),
        endpointId
      });
      const items = Array.from({ length: 500 }, (_, i) => i);
      const values = await counted.map<number>(DOUBLE, items);
      expect(values).toEqual(items.map(i => 2 * i));
      expect(counted.taskCountSubmitted).toBe(500);
      // One more where the service refuses groups that it did not make.
      const submits = paths.filter(path => path.endsWith('/submit'));
      expect([4, 5]).toContain(submits.length);
      expect(paths.length).toBeLessThan(250);
    });

    it('maps in chunks, over arguments and keywords', async () => {
      const items = Array.from({ length: 103 }, (_, i) => i);
      const map = executor.map<number>(DOUBLE, items, { chunkSize: 10 });
      expect(map.futures).toHaveLength(11);
      const seen: number[] = [];
      for await (const value of map) {
        seen.push(value);
      }
      expect(seen).toEqual(items.map(i => 2 * i));
      const found = new Map<number, number>();
      for await (const { index, value } of map.asCompleted()) {
        found.set(index, value);
      }
      expect(found.get(102)).toBe(204);
      expect(found.size).toBe(103);
      const pairs = [[1, 2], [3, 4]]; // prettier-ignore
      const options = { as: 'arguments', chunkSize: 2 } as const;
      expect(await executor.map(DIVIDE, pairs, options)).toEqual([0.5, 0.75]);
      expect(
        await executor.map(DIVIDE, [{ a: 1 }, { a: 6 }], {
          as: 'keywords',
          kwargs: { b: 2 }
        })
      ).toEqual([0.5, 3]);
      expect(() =>
        executor.map('some-function-id', [1], { chunkSize: 2 })
      ).toThrow(/Python source/);
    });

    it('gives results as they come, failures included', async () => {
      const futures = [0, 1, 2].map(b => executor.submit(DIVIDE, [1, b]));
      const seen = new Map<number, unknown>();
      for await (const { index, value, error } of asCompleted(futures)) {
        seen.set(index, error ? error.name : value);
      }
      expect([...seen].sort()).toEqual([
        [0, 'TaskExecutionFailed'],
        [1, 1],
        [2, 0.5]
      ]);
    });

    it('reloads the tasks of a group in another session', async () => {
      const own = new Executor({
        client,
        endpointId: service.address.endpoint_id,
        batchSize: 3
      });
      const values = await own.map<number>(DOUBLE, [1, 2, 3, 4, 5, 6, 7]);
      const later = new Executor({ client: service.client() });
      const futures = await later.reloadTasks(own.taskGroupId);
      expect(later.taskGroupId).toBe(own.taskGroupId);
      expect((await Promise.all(futures)).sort()).toEqual([...values].sort());
      await expect(
        later.reloadTasks('00000000-0000-4000-8000-000000000000')
      ).rejects.toThrow(NotFoundError);
      await expect(
        new Executor({ client }).reloadTasks()
      ).rejects.toMatchObject({ code: 'NO_TASK_GROUP' });
    });

    it('splits a batch over 10 MB, in one group', async () => {
      const batch = client.createBatch();
      const functionId = await client.registerFunction({
        name: 'size',
        source: 'def size(text):\n    return text[:1], len(text)\n'
      });
      const { endpoint_id: endpointId } = service.address;
      for (let i = 0; i < 5; i++) {
        const text = `${i}`.repeat(2_500_000);
        batch.add({ endpointId, functionId, args: [text] });
      }
      const receipt = await client.batchRun(batch);
      expect(receipt.submissions.length).toBeGreaterThan(1);
      const group = await client.getTaskGroup(receipt.taskGroupId);
      expect([...group.taskIds].sort()).toEqual([...receipt.taskIds].sort());
      const results: unknown[] = [];
      await client.results.watch(receipt.taskIds, task => {
        if (!task.pending) {
          results[receipt.taskIds.indexOf(task.taskId)] = task.result;
        }
      });
      expect(results).toEqual([0, 1, 2, 3, 4].map(i => [String(i), 2_500_000]));
    });

    it('runs shell commands as the Python SDK does', async () => {
      const shell = new ShellFunction('echo "Hello {name} 🚀"; exit 3');
      const result = await executor.submit(shell, [], { name: 'Ada' });
      expect(result).toBeInstanceOf(ShellResult);
      expect(result).toMatchObject({
        cmd: 'echo "Hello Ada 🚀"; exit 3',
        stdout: 'Hello Ada 🚀\n',
        returncode: 3,
        exceptionName: 'subprocess.CalledProcessError'
      });
      const slow = new ShellFunction('sleep 60', {
        walltime: 0.1,
        returnDict: true
      });
      expect(ShellResult.from(await executor.submit(slow))).toMatchObject({
        returncode: 124,
        exceptionName: 'subprocess.TimeoutExpired'
      });
      const mpi = new MPIFunction('echo {x}', { name: 'mpi' });
      expect(await executor.submit(mpi, [], { x: 1 })).toMatchObject({
        cmd: '$PARSL_MPI_PREFIX echo 1',
        stdout: '1\n'
      });
    });

    it('reports on hardware', async () => {
      const taskId = await client.getWorkerHardwareDetails(
        service.address.endpoint_id
      );
      let text: unknown;
      await client.results.watch([taskId], task => (text = task.result));
      expect(text).toContain('CPU core count');
    });

    it('tells a future when its call cannot be submitted', async () => {
      const unknown = '00000000-0000-4000-8000-000000000000';
      const future = executor.submit(unknown, []);
      await expect(future.submitted).rejects.toThrow(NotFoundError);
      await expect(future.result()).rejects.toThrow(NotFoundError);
      const bad = { name: 'g', source: 'def f(): pass' };
      await expect(executor.submit(bad).result()).rejects.toMatchObject({
        name: 'SerializationError'
      });
      expect(() => executor.submit(DOUBLE, [() => 1])).toThrow(/function/);
    });
  }
);
