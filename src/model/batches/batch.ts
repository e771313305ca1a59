import { UUID } from '@lumino/coreutils';
import { Throttler } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { ITaskResult, TaskState } from '../../sdk';
import type {
  BatchState,
  IBatch,
  IBatchCounts,
  IBatchSnapshot,
  IEndpointRef,
  ITaskFailure,
  ITaskSnapshot
} from '../../tokens';
import { phaseOf } from '../format';
import type { IBatchRecord } from '../vault/vault';
import type { ITaskOutput } from './outcome';
import { readOutcome } from './outcome';

/* A screen repaints what people can follow; more often costs and shows less. */
const NOTIFY_INTERVAL_MS = 100;

/* What a snapshot keeps of a large batch. */
const MAX_SNAPSHOT_TASKS = 1000;
const MAX_SNAPSHOT_FAILURES = 100;

const STATES: ReadonlySet<string> = new Set<TaskState>([
  'received',
  'waiting-for-ep',
  'waiting-for-nodes',
  'waiting-for-launch',
  'running',
  'success',
  'failed'
]);

/** What a batch is made of before anything is sent. */
export interface IBatchOrigin {
  readonly title: string;
  readonly service: string;
  readonly endpoint: IEndpointRef;
  readonly notebookPath: string;
  readonly cellId: string;
  /** SHA-256 of the cell's text, in hex; left out where it is not known. */
  readonly sourceHash?: string;
  /** Name of the identity that its card is to name; left out for none. */
  readonly identity?: string;
  /** SHA-256 of the class file it is run with, in hex. */
  readonly classHash?: string;
}

/** A call that is about to be submitted. */
export interface IPlannedTask {
  /** Position within the batch, from 0. */
  readonly index: number;
  readonly label: string;
  /** Line of the cell that made the call, 1-based. */
  readonly line: number | null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A batch that was run from this JupyterLab. */
export class Batch implements IBatch {
  constructor(origin: IBatchOrigin) {
    this._origin = origin;
  }

  readonly id = UUID.uuid4();
  readonly origin = 'cell';
  readonly isLive = true;
  readonly hasTasks = true;

  /** When the cell was run, in seconds since the epoch. */
  readonly created = Date.now() / 1000;

  get title(): string {
    return this._origin.title;
  }

  get service(): string {
    return this._origin.service;
  }

  get endpoint(): IEndpointRef {
    return this._origin.endpoint;
  }

  get notebookPath(): string {
    return this._origin.notebookPath;
  }

  get cellId(): string {
    return this._origin.cellId;
  }

  get sourceHash(): string {
    return this._origin.sourceHash ?? '';
  }

  /** SHA-256 of the class file it is run with, if it is. */
  get classHash(): string | undefined {
    return this._origin.classHash;
  }

  get functionIds(): readonly string[] {
    return [...this._functionIds];
  }

  get landed(): boolean {
    const { total } = this._counts;
    return (
      (total > 0 && this._landed >= total) || (this._record?.landed ?? false)
    );
  }

  get lost(): number {
    return this._record?.lost ?? 0;
  }

  get tasks(): readonly ITaskSnapshot[] {
    return this._tasks;
  }

  get counts(): IBatchCounts {
    return this._counts;
  }

  get taskGroupId(): string | undefined {
    return this._taskGroupId;
  }

  get note(): string | undefined {
    return this._note;
  }

  get firstFailure(): ITaskFailure | undefined {
    return this._counts.failed > 0
      ? this._tasks.find(({ failure }) => failure)?.failure
      : undefined;
  }

  get state(): BatchState {
    const { waiting, running, failed } = this._counts;
    if (this._problem) {
      return 'problem';
    }
    if (this._unsent > 0) {
      return 'sending';
    }
    if (running > 0) {
      return 'running';
    }
    if (waiting > 0) {
      // Between two tasks of many nothing may run for a moment.
      return this._counts.done + failed > 0 ? 'running' : 'waiting';
    }
    return failed > 0 ? 'failed' : 'done';
  }

  get ended(): number | undefined {
    return this.isFinal ? this._lastEnd : undefined;
  }

  /** Whether every task given so far has ended, or the batch has a problem. */
  get isFinal(): boolean {
    const { waiting, running } = this._counts;
    return this._problem || waiting + running === 0;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /**
   * Add calls that are about to be submitted. An index that is there already
   * is tried again: what its last attempt left is gone.
   */
  plan(tasks: readonly IPlannedTask[]): void {
    for (const { index, label, line } of tasks) {
      const earlier = this._tasks.at(index);
      if (earlier) {
        this._forgetAttempt(earlier);
      }
      this._tasks[index] = {
        index,
        label,
        state: 'received',
        line: line ?? undefined,
        ...(earlier && { attempts: (earlier.attempts ?? 1) + 1 })
      };
      this._counts.total += 1;
      this._counts.waiting += 1;
      this._unsent += 1;
    }
    this._notify();
  }

  /** Note that the service took some calls as the tasks with these ids. */
  accept(
    taskGroupId: string,
    functionIds: Iterable<string>,
    accepted: ReadonlyMap<number, string>
  ): void {
    this._taskGroupId = taskGroupId;
    for (const id of functionIds) {
      this._functionIds.add(id);
    }
    const submitted = Date.now() / 1000;
    for (const [index, id] of accepted) {
      Object.assign(this._tasks[index], { id, submitted });
      this._indexOf.set(id, index);
    }
    this._unsent -= accepted.size;
    this._notify();
  }

  /** Take in what the service says of one task. */
  update(result: ITaskResult): void {
    const index = this._indexOf.get(result.taskId);
    if (index === undefined) {
      return;
    }
    const task = this._tasks[index];
    if (task.state === 'success' || task.state === 'failed') {
      return;
    }
    this._counts[phaseOf(task.state)] -= 1;
    if (STATES.has(result.status)) {
      task.state = result.status as TaskState;
    }
    if (!result.pending) {
      this._finish(task, result);
    } else if (task.state === 'running') {
      task.started ??=
        result.details?.transitions?.['execution-start'] ?? Date.now() / 1000;
    }
    this._counts[phaseOf(task.state)] += 1;
    this._notify();
  }

  /** Note why the batch cannot be sent; it is over. */
  fail(problem: string): void {
    this._problem = true;
    this._lastEnd = Date.now() / 1000;
    this.remark(problem);
  }

  /** Say something about the batch to its readers. */
  remark(note: string | undefined): void {
    this._note = note;
    this._notify();
  }

  /**
   * Note that what the tasks so far left is among the outputs of the cell, or
   * is put there next, and what there is to say of it; the card says so at
   * once.
   */
  land(note = this._note): void {
    if (this._landed !== this._tasks.length || note !== this._note) {
      this._landed = this._tasks.length;
      this._note = note;
      this._changed.emit(undefined);
    }
  }

  /** Take in what the vault says of this batch. */
  adopt(record: IBatchRecord): void {
    this._record = record;
    this._notify();
  }

  /** What the finished tasks left since the last call, in task order. */
  takeOutputs(): ITaskOutput[] {
    const outputs = [...this._outputs.values()].sort(
      (a, b) => a.index - b.index
    );
    this._outputs.clear();
    return outputs;
  }

  snapshot(): IBatchSnapshot {
    let failures = 0;
    const tasks = this._tasks.filter(
      (task, index) =>
        index < MAX_SNAPSHOT_TASKS ||
        (task.state === 'failed' && ++failures <= MAX_SNAPSHOT_FAILURES)
    );
    return {
      version: 1,
      id: this.id,
      title: this.title,
      state: this.state,
      service: this.service,
      endpoint: this.endpoint,
      taskGroupId: this._taskGroupId,
      functionIds: [...this._functionIds],
      created: this.created,
      ended: this.ended,
      counts: { ...this._counts },
      tasks: tasks.map(task => ({ ...task })),
      identity: this._origin.identity,
      pythonVersion: this._pythonVersion,
      sdkVersion: this._sdkVersion,
      note: this._note,
      sourceHash: this._origin.sourceHash,
      landed: this._landed || undefined
    };
  }

  private _forgetAttempt({ id, index, state }: ITaskSnapshot): void {
    this._counts[phaseOf(state)] -= 1;
    this._counts.total -= 1;
    this._outputs.delete(index);
    if (id !== undefined) {
      this._indexOf.delete(id);
    }
  }

  private _finish(task: Mutable<ITaskSnapshot>, result: ITaskResult): void {
    const transitions = result.details?.transitions;
    const ended =
      transitions?.['execution-end'] ??
      (Number(result.completionT) || Date.now() / 1000);
    task.started = transitions?.['execution-start'] ?? task.started;
    task.ended = ended;
    this._lastEnd = Math.max(this._lastEnd ?? 0, ended);
    this._pythonVersion = result.details?.pythonVersion ?? this._pythonVersion;
    this._sdkVersion = result.details?.sdkVersion ?? this._sdkVersion;
    const { failure, output } = readOutcome(task.index, result);
    task.state = failure ? 'failed' : 'success';
    if (failure) {
      task.failure = failure;
    }
    this._outputs.set(task.index, output);
  }

  private _notify(): void {
    void this._notifier.invoke();
  }

  private readonly _origin: IBatchOrigin;
  private readonly _tasks: Mutable<ITaskSnapshot>[] = [];
  private readonly _indexOf = new Map<string, number>();
  private readonly _outputs = new Map<number, ITaskOutput>();
  private readonly _functionIds = new Set<string>();
  private readonly _counts: Mutable<IBatchCounts> = {
    total: 0,
    waiting: 0,
    running: 0,
    done: 0,
    failed: 0
  };
  private _landed = 0;
  private _record: IBatchRecord | null = null;
  private _unsent = 0;
  private _problem = false;
  private _note: string | undefined;
  private _taskGroupId: string | undefined;
  private _pythonVersion: string | undefined;
  private _sdkVersion: string | undefined;
  private _lastEnd: number | undefined;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _notifier = new Throttler(
    () => this._changed.emit(undefined),
    { limit: NOTIFY_INTERVAL_MS, edge: 'trailing' }
  );
}
