import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type {
  IBatch,
  IBatchCounts,
  IBatches,
  IBatchSnapshot,
  ITaskFailure,
  ITaskSnapshot
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

/** The batches a test puts there. Refuses what the test did not expect. */
export class FakeBatches implements IBatches {
  constructor(public items: FakeBatch[] = []) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get(id: string): FakeBatch | undefined {
    return this.items.find(batch => batch.id === id);
  }

  clearFinished(): void {
    throw new Error('Unexpected call of clearFinished().');
  }

  /** Have other batches and say so. */
  become(items: FakeBatch[]): void {
    this.items = items;
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
}
