import { describe, expect, it, vi } from 'vitest';

import { englishBundle } from '../../model/format';
import type { FakeBatchCalls } from '../../model/testing/fakeBatches';
import {
  FakeBatches,
  makeSnapshot,
  makeTask
} from '../../model/testing/fakeBatches';
import type { IBatch } from '../../tokens';

import { batchOf, PageReader, VaultBatch } from '../testing/batches';
import type { BatchActionId } from './batchActions';
import { batchActions } from './batchActions';
import type { IPanelDeeds } from './batchDeeds';
import { performAction } from './batchDeeds';
import { BatchesModel } from './batchesModel';

function idsOf(batch: IBatch, can = true): string {
  const abilities = { canCancel: can, canRetry: can, canLoad: can };
  return batchActions(batch, abilities, englishBundle())
    .map(({ id }) => id)
    .join(' ');
}

describe('batchActions', () => {
  const failed = makeTask(1, { state: 'failed' });

  it.each([
    ['running', [makeTask(0)], 'go-to-cell cancel copy-ids export'],
    [
      'failed',
      [makeTask(0), failed],
      'go-to-cell retry load copy-ids export forget'
    ],
    ['done', [makeTask(0)], 'go-to-cell load copy-ids export forget'],
    ['problem', [makeTask(0)], 'go-to-cell load forget']
  ] as const)('of a batch that is %s', (state, tasks, ids) => {
    expect(idsOf(batchOf({ state, tasks }))).toBe(ids);
  });

  it('leave out what cannot be done', () => {
    expect(idsOf(batchOf({ state: 'running' }), false)).toBe(
      'go-to-cell copy-ids export'
    );
    expect(idsOf(batchOf({}, ''), false)).toBe('copy-ids export forget');
  });
});

describe('performAction', () => {
  const deeds = {
    goToCell: vi.fn(),
    copy: vi.fn(),
    download: vi.fn(),
    canLoad: () => true,
    load: vi.fn(),
    report: vi.fn()
  } satisfies IPanelDeeds;

  async function perform(
    action: BatchActionId,
    batch: IBatch,
    calls: FakeBatchCalls = {}
  ): Promise<void> {
    const batches = new FakeBatches([], calls);
    await performAction(
      action,
      batch,
      batches,
      new BatchesModel(batches),
      deeds
    );
  }

  it.each(['retry', 'cancel'] as const)('%s', async action => {
    const call = vi.fn(() => Promise.resolve());
    await perform(action, batchOf({ id: 'a' }), { [action]: call });
    expect(call).toHaveBeenCalledExactlyOnceWith('a');
  });

  it('copies the ids of all tasks, also those that were not read', async () => {
    const tasks = Array.from({ length: 2500 }, (_, index) =>
      makeTask(index, { id: `t${index}` })
    );
    const batch = new VaultBatch(makeSnapshot({ id: 'large', tasks }));
    const { asked, taskPage } = new PageReader([batch]);
    await perform('copy-ids', batch, { taskPage });
    expect(asked.map(([, offset]) => offset)).toEqual([0, 1000, 2000]);
    const [[text]] = deeds.copy.mock.calls as [[string]];
    expect(text.split('\n')).toEqual(tasks.map(({ id }) => id));
  });

  it('downloads an export', async () => {
    await perform('export', batchOf({ id: 'a' }), {
      exportUrl: id => `/batches/${id}/export`
    });
    expect(deeds.download).toHaveBeenCalledExactlyOnceWith('/batches/a/export');
  });

  it('reports what goes wrong', async () => {
    const reason = new Error('The service does not answer.');
    await perform('retry', batchOf(), { retry: () => Promise.reject(reason) });
    expect(deeds.report).toHaveBeenCalledExactlyOnceWith(reason);
  });
});
