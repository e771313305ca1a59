import type { ITaskResult } from '../../sdk';
import type { ITaskSnapshot, ITaskView } from '../../tokens';
import { toTaskView } from '../batches/taskView';
import type { Services } from '../services';
import type { Vault } from './vault';
import { toTaskSnapshot, VaultBatch } from './vaultBatch';
import type { KnownBatch } from './vaultList';

/** As many tasks of a batch as a card keeps, and as are landed. */
const MAX_TASKS = 1000;

/** How many results are fetched in one request: each may be megabytes. */
const CHUNK_LENGTH = 50;

/** A finished task with what it left. */
interface ILateTask {
  readonly label: string;
  readonly view: ITaskView;
}

/** A finished task as the kernel takes it. */
interface ILateOutcome {
  readonly index: number;
  readonly ok: boolean;
  /** The serialised result, or the error text. */
  readonly data: string;
}

/** Results that the vault has of batches that this browser did not run. */
export class LateResults {
  constructor(vault: Pick<Vault, 'tasks'>, services: Pick<Services, 'get'>) {
    this._vault = vault;
    this._services = services;
  }

  /** Have a batch hold its tasks, as far as a card shows them. */
  async hold(batch: KnownBatch): Promise<void> {
    if (!(batch instanceof VaultBatch)) {
      return;
    }
    const { tasks } = await this._vault.tasks(batch.id, {
      offset: 0,
      limit: MAX_TASKS
    });
    batch.holdTasks(tasks.map(toTaskSnapshot));
  }

  /**
   * What the first 1,000 tasks of a batch left, in task order; their failures
   * are noted in the batch.
   */
  async read(batch: KnownBatch): Promise<ILateTask[]> {
    await this.hold(batch);
    const found: ILateTask[] = [];
    const tasks: ITaskSnapshot[] = [];
    const first = batch.tasks.slice(0, MAX_TASKS);
    for await (const [task, result] of this._results(batch, first)) {
      const view = result ? await toTaskView(result) : emptyView(task);
      found.push({ label: task.label, view });
      tasks.push({ ...task, failure: view.failure ?? task.failure });
    }
    if (batch instanceof VaultBatch) {
      batch.holdTasks(tasks);
    }
    return found;
  }

  /** The outcomes of tasks, serialised, for a kernel to load. */
  async outcomes(
    batch: { readonly service: string },
    tasks: readonly ITaskSnapshot[]
  ): Promise<ILateOutcome[]> {
    const found: ILateOutcome[] = [];
    for await (const [{ index, label }, result] of this._results(
      batch,
      tasks
    )) {
      const { serialized, exception } = result ?? {};
      found.push(
        serialized === undefined
          ? {
              index,
              ok: false,
              data: exception?.remoteText ?? `${label} has no result`
            }
          : { index, ok: true, data: serialized }
      );
    }
    return found;
  }

  private async *_results(
    batch: { readonly service: string },
    tasks: readonly ITaskSnapshot[]
  ): AsyncGenerator<[ITaskSnapshot, ITaskResult | undefined]> {
    const { client } = await this._services.get(batch.service);
    for (let at = 0; at < tasks.length; at += CHUNK_LENGTH) {
      const chunk = tasks.slice(at, at + CHUNK_LENGTH);
      const ids = chunk.flatMap(({ id }) => id ?? []);
      const results = await client.getBatchResult(ids);
      for (const task of chunk) {
        yield [task, task.id === undefined ? undefined : results.get(task.id)];
      }
    }
  }

  private readonly _vault: Pick<Vault, 'tasks'>;
  private readonly _services: Pick<Services, 'get'>;
}

function emptyView({ failure }: ITaskSnapshot): ITaskView {
  return { stdout: '', stderr: '', displays: [], value: {}, failure };
}
