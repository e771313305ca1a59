// @vitest-environment node
import { describe, expect, it } from 'vitest';

import type { IService } from '../model/services';
import { TaskExecutionFailed } from '../sdk';
import type { IBatch } from '../tokens';
import {
  FakeBatch,
  makeSnapshot,
  makeTask
} from '../model/testing/fakeBatches';
import { fetchBatch } from './fetchedBatch';

const batch = (fields: Parameters<typeof makeSnapshot>[0]): IBatch =>
  new FakeBatch(makeSnapshot(fields));

const DONE = batch({
  id: 'b1',
  title: 'areas',
  taskGroupId: 'g1',
  tasks: [
    makeTask(0, { id: 't0' }),
    makeTask(1, { id: 't1', state: 'failed' }),
    makeTask(2, { id: 't2' })
  ]
});

const fetched = (
  asked: string,
  items: readonly IBatch[] = [DONE]
): ReturnType<typeof fetchBatch> =>
  fetchBatch(
    {
      batches: {
        items,
        refresh: () => Promise.resolve(),
        taskPage: (id, { offset, limit }) => {
          const tasks = items.find(item => item.id === id)?.tasks ?? [];
          return Promise.resolve({
            total: tasks.length,
            tasks: tasks.slice(offset, offset + limit)
          });
        }
      },
      service: () =>
        Promise.resolve({
          client: {
            getBatchResult: (ids: readonly string[]) => {
              expect(ids).toEqual(['t0', 't1', 't2']);
              const task = { pending: false, status: 'success' };
              return Promise.resolve(
                new Map([
                  ['t0', { ...task, taskId: 't0', serialized: '00\nx' }],
                  [
                    't1',
                    {
                      ...task,
                      taskId: 't1',
                      exception: new TaskExecutionFailed(
                        't1',
                        'ValueError: bad'
                      )
                    }
                  ]
                ])
              );
            }
          }
        } as unknown as IService),
      toMimeBundle: ({ title }) => ({ 'text/plain': title })
    },
    asked
  );

describe('fetchBatch', () => {
  it.each(['areas', 'b1', 'g1', 't2'])('finds a batch by %s', async asked => {
    await expect(fetched(asked)).resolves.toEqual({
      asked,
      problem: null,
      card: { 'text/plain': 'areas' },
      tasks: [
        { index: 0, ok: true, data: '00\nx' },
        { index: 1, ok: false, data: 'ValueError: bad' },
        {
          index: 2,
          ok: false,
          data: 'ResultLost: The service no longer has the result of this task.'
        }
      ]
    });
  });

  it('says which batches there are', async () => {
    await expect(fetched('nothing')).resolves.toMatchObject({
      problem: 'There is no batch "nothing". Known batches: areas.'
    });
    await expect(fetched('nothing', [])).resolves.toMatchObject({
      problem: 'There is no batch "nothing". No batch is known yet.'
    });
  });

  it('says that a batch still runs', async () => {
    const running = batch({
      title: 'slow',
      state: 'running',
      tasks: [makeTask(0), makeTask(1, { state: 'running' })]
    });
    await expect(fetched('slow', [running])).resolves.toMatchObject({
      problem:
        '"slow" still runs: 1 of 2 tasks have ended. Run this cell again when it is done.'
    });
  });
});
