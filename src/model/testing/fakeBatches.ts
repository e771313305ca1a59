import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type {
  IBatch,
  IBatchCounts,
  IBatches,
  IBatchSnapshot,
  IFollowRequest,
  ITaskFailure,
  ITaskPage,
  ITaskQuery,
  ITaskSnapshot,
  ITaskView
} from '../../tokens';
import type { TaskPhase } from '../format';
import { phaseOf } from '../format';

/** When the cells of all made-up batches were run, seconds since the epoch. */
export const CREATED_S = 1_700_000_000;

/** A failure as the worker of a cell reports it. */
export const DIVISION: ITaskFailure = {
  type: 'ZeroDivisionError',
  message: 'division by zero',
  frame: { line: 4, name: 'divide', source: 'return a / b' },
  traceback: [
    'Traceback (most recent call last):',
    '  File "<cell>", line 4, in divide',
    '    return a / b',
    'ZeroDivisionError: division by zero'
  ].join('\n')
};

/** A task with what matters to a test; the rest made up. */
export function makeTask(
  index: number,
  fields: Partial<ITaskSnapshot> = {}
): ITaskSnapshot {
  return { index, label: `area(${index})`, state: 'success', ...fields };
}

/** A batch with what matters to a test; the counts follow from the tasks. */
export function makeSnapshot(
  fields: Partial<IBatchSnapshot> = {}
): IBatchSnapshot {
  const tasks = fields.tasks ?? [makeTask(0)];
  return {
    version: 1,
    id: 'batch-1',
    title: 'area',
    state: 'done',
    service: 'local',
    endpoint: { id: 'endpoint-1', name: 'This computer' },
    functionIds: ['10c9678c-7c33-4b1e-8f38-1f0f1c2d3e4f'],
    created: CREATED_S,
    counts: countTasks(tasks),
    tasks,
    ...fields
  };
}

function countTasks(tasks: readonly ITaskSnapshot[]): IBatchCounts {
  const count = (phase: TaskPhase): number =>
    tasks.filter(task => phaseOf(task.state) === phase).length;
  return {
    total: tasks.length,
    waiting: count('waiting'),
    running: count('running'),
    done: count('done'),
    failed: count('failed')
  };
}

/** A batch whose snapshot a test sets. */
export class FakeBatch implements IBatch {
  constructor(
    private _snapshot: IBatchSnapshot,
    readonly notebookPath = 'course/hello.ipynb',
    readonly cellId = 'cell-1'
  ) {}

  readonly hasTasks: boolean = true;
  readonly isLive: boolean = true;
  readonly origin = 'cell';
  readonly lost = 0;

  get id(): string {
    return this._snapshot.id;
  }

  get title(): string {
    return this._snapshot.title;
  }

  get state(): IBatch['state'] {
    return this._snapshot.state;
  }

  get service(): string {
    return this._snapshot.service;
  }

  get endpoint(): IBatch['endpoint'] {
    return this._snapshot.endpoint;
  }

  get created(): number {
    return this._snapshot.created;
  }

  get ended(): number | undefined {
    return this._snapshot.ended;
  }

  get counts(): IBatch['counts'] {
    return this._snapshot.counts;
  }

  get tasks(): IBatch['tasks'] {
    return this._snapshot.tasks;
  }

  get note(): string | undefined {
    return this._snapshot.note;
  }

  get firstFailure(): ITaskFailure | undefined {
    return this.tasks.find(task => task.failure)?.failure;
  }

  get sourceHash(): string {
    return this._snapshot.sourceHash ?? '';
  }

  get landed(): boolean {
    return this._snapshot.landed === this.counts.total;
  }

  get functionIds(): readonly string[] {
    return this._snapshot.functionIds;
  }

  get taskGroupId(): string | undefined {
    return this._snapshot.taskGroupId;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  snapshot(): IBatchSnapshot {
    return this._snapshot;
  }

  /** Become another snapshot and say so. */
  become(fields: Partial<IBatchSnapshot>): void {
    const counts = countTasks(fields.tasks ?? this.tasks);
    this._snapshot = { ...this._snapshot, counts, ...fields };
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
}

/** Calls of {@link FakeBatches} that a test expects, with their outcomes. */
export type FakeBatchCalls = Partial<
  Omit<IBatches, 'items' | 'hasMore' | 'problem' | 'changed' | 'get'>
>;

/** The batches a test puts there. Refuses what the test did not expect. */
export class FakeBatches implements IBatches {
  constructor(
    public items: FakeBatch[] = [],
    readonly calls: FakeBatchCalls = {}
  ) {}

  hasMore = false;
  problem: string | null = null;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get(id: string): FakeBatch | undefined {
    return this.items.find(batch => batch.id === id);
  }

  refresh(): Promise<void> {
    return this._expected('refresh')();
  }

  loadMore(): Promise<void> {
    return this._expected('loadMore')();
  }

  forget(ids: readonly string[]): Promise<void> {
    return this._expected('forget')(ids);
  }

  restore(ids: readonly string[]): Promise<void> {
    return this._expected('restore')(ids);
  }

  clearFinished(): Promise<readonly string[]> {
    return this._expected('clearFinished')();
  }

  canCancel(batch: IBatch): boolean {
    return this.calls.canCancel?.(batch) ?? false;
  }

  cancel(id: string): Promise<void> {
    return this._expected('cancel')(id);
  }

  canRetry(batch: IBatch): boolean {
    return this.calls.canRetry?.(batch) ?? false;
  }

  retry(id: string): Promise<void> {
    return this._expected('retry')(id);
  }

  taskPage(id: string, query: ITaskQuery): Promise<ITaskPage> {
    return this._expected('taskPage')(id, query);
  }

  taskView(id: string, taskId: string): Promise<ITaskView> {
    return this._expected('taskView')(id, taskId);
  }

  exportUrl(id: string): string {
    return this._expected('exportUrl')(id);
  }

  follow(request: IFollowRequest): Promise<IBatch> {
    return this._expected('follow')(request);
  }

  /** Have other batches and say so. */
  become(items: FakeBatch[]): void {
    this.items = items;
    this._changed.emit();
  }

  private _expected<K extends keyof FakeBatchCalls>(
    name: K
  ): NonNullable<FakeBatchCalls[K]> {
    const call = this.calls[name];
    if (!call) {
      throw new Error(`Unexpected call of ${name}().`);
    }
    return call;
  }

  private readonly _changed = new Signal<this, void>(this);
}
