import { FakeBatch, makeSnapshot } from '../../model/testing/fakeBatches';
import type { IBatchSnapshot, ITaskPage, ITaskQuery } from '../../tokens';

/** A batch with what matters to a test. */
export function batchOf(
  fields: Partial<IBatchSnapshot> = {},
  notebookPath?: string
): FakeBatch {
  return new FakeBatch(makeSnapshot(fields), notebookPath);
}

/** A batch of the vault, of which this browser holds no tasks. */
export class VaultBatch extends FakeBatch {
  override readonly isLive = false;
  override readonly hasTasks = false;

  override get tasks(): [] {
    return [];
  }
}

/** Answers pages of tasks from a batch's snapshot, and notes what was asked. */
export class PageReader {
  constructor(private readonly _batches: readonly FakeBatch[]) {}

  readonly asked: [string, number][] = [];

  readonly taskPage = (
    id: string,
    { offset, limit }: ITaskQuery
  ): Promise<ITaskPage> => {
    this.asked.push([id, offset]);
    const batch = this._batches.find(candidate => candidate.id === id);
    if (!batch) {
      return Promise.reject(new Error(`No batch ${id}.`));
    }
    const { tasks, counts } = batch.snapshot();
    return Promise.resolve({
      total: counts.total,
      tasks: tasks.slice(offset, offset + limit)
    });
  };
}
