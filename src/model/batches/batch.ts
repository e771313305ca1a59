import { UUID } from '@lumino/coreutils';
import { Throttler } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { ITaskResult } from '../../sdk';
import type {
  BatchState,
  IBatch,
  IBatchCounts,
  IBatchSnapshot,
  IEndpointRef,
  ITaskFailure,
  ITaskSnapshot
} from '../../tokens';
import type { IBatchRecord } from '../vault/vault';
import type { IPlannedTask } from './batchTasks';
import { BatchTasks } from './batchTasks';
import type { ITaskOutput } from './outcome';

/* A screen repaints what people can follow; more often costs and shows less. */
const NOTIFY_INTERVAL_MS = 100;

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
    // People rename notebooks while they wait.
    return this._record?.notebookPath ?? this._origin.notebookPath;
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
    const { total } = this.counts;
    return (
      (total > 0 && this._landed >= total) || (this._record?.landed ?? false)
    );
  }

  get lost(): number {
    return this._record?.lost ?? 0;
  }

  get tasks(): readonly ITaskSnapshot[] {
    return this._tasks.items;
  }

  get counts(): IBatchCounts {
    return this._tasks.counts;
  }

  get taskGroupId(): string | undefined {
    return this._taskGroupId;
  }

  get note(): string | undefined {
    return this._note;
  }

  get firstFailure(): ITaskFailure | undefined {
    return this._tasks.firstFailure;
  }

  get state(): BatchState {
    const { waiting, running, done, failed } = this.counts;
    if (this._problem) {
      return 'problem';
    }
    if (this._tasks.unsent > 0) {
      return 'sending';
    }
    if (running > 0) {
      return 'running';
    }
    if (waiting > 0) {
      // Between two tasks of many nothing may run for a moment.
      return done + failed > 0 ? 'running' : 'waiting';
    }
    return failed > 0 ? 'failed' : 'done';
  }

  get ended(): number | undefined {
    const ends = [this._failedAt, this._tasks.lastEnd].filter(
      end => end !== undefined
    );
    return this.isFinal && ends.length > 0 ? Math.max(...ends) : undefined;
  }

  /** Whether every task given so far has ended, or the batch has a problem. */
  get isFinal(): boolean {
    const { waiting, running } = this.counts;
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
    this._tasks.plan(tasks);
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
    this._tasks.accept(accepted);
    this._notify();
  }

  /** Take in what the service says of one task. */
  update(result: ITaskResult): void {
    if (this._tasks.update(result)) {
      this._notify();
    }
  }

  /** Note why the batch cannot be sent; it is over. */
  fail(problem: string): void {
    this._problem = true;
    this._failedAt = Date.now() / 1000;
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
    if (this._landed !== this.tasks.length || note !== this._note) {
      this._landed = this.tasks.length;
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
    return this._tasks.takeOutputs();
  }

  snapshot(): IBatchSnapshot {
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
      counts: { ...this.counts },
      tasks: this._tasks.sample(),
      identity: this._origin.identity,
      pythonVersion: this._tasks.pythonVersion,
      sdkVersion: this._tasks.sdkVersion,
      note: this._note,
      sourceHash: this._origin.sourceHash,
      landed: this._landed || undefined
    };
  }

  private _notify(): void {
    void this._notifier.invoke();
  }

  private readonly _origin: IBatchOrigin;
  private readonly _tasks = new BatchTasks();
  private readonly _functionIds = new Set<string>();
  private _landed = 0;
  private _record: IBatchRecord | null = null;
  private _problem = false;
  private _note: string | undefined;
  private _taskGroupId: string | undefined;
  private _failedAt: number | undefined;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _notifier = new Throttler(
    () => this._changed.emit(undefined),
    { limit: NOTIFY_INTERVAL_MS, edge: 'trailing' }
  );
}
