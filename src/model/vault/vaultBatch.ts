import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type {
  BatchState,
  IBatch,
  IBatchCounts,
  IBatchSnapshot,
  IEndpointRef,
  ITaskFailure,
  ITaskSnapshot
} from '../../tokens';
import type { IBatchRecord, ITaskRecord } from './vault';

/** A batch that the vault has and this browser does not run. */
export class VaultBatch implements IBatch {
  constructor(record: IBatchRecord) {
    this._record = record;
  }

  readonly isLive = false;

  get id(): string {
    return this._record.id;
  }

  get title(): string {
    return this._record.title;
  }

  get state(): BatchState {
    return this._record.state;
  }

  get service(): string {
    return this._record.service;
  }

  get endpoint(): IEndpointRef {
    return this._record.endpoint;
  }

  get notebookPath(): string {
    return this._record.notebookPath;
  }

  get cellId(): string {
    return this._record.cellId;
  }

  get sourceHash(): string {
    return this._record.sourceHash;
  }

  get origin(): IBatch['origin'] {
    return this._record.origin;
  }

  get created(): number {
    return this._record.created;
  }

  get ended(): number | undefined {
    return this._record.ended ?? undefined;
  }

  get counts(): IBatchCounts {
    return this._record.counts;
  }

  get functionIds(): readonly string[] {
    return this._record.functionIds;
  }

  get taskGroupId(): string | undefined {
    return this._record.taskGroupId ?? undefined;
  }

  get note(): string | undefined {
    return this._note ?? this._record.note ?? undefined;
  }

  get landed(): boolean {
    return this._record.landed;
  }

  get lost(): number {
    return this._record.lost;
  }

  /** Whether every task has ended, or the batch has a problem. */
  get isFinal(): boolean {
    return ['done', 'failed', 'problem'].includes(this.state);
  }

  get tasks(): readonly ITaskSnapshot[] {
    return this._tasks ?? [];
  }

  get hasTasks(): boolean {
    return this._tasks !== null;
  }

  get firstFailure(): ITaskFailure | undefined {
    return (
      this._tasks?.find(({ failure }) => failure)?.failure ??
      toFailure(this._record.firstFailure)
    );
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The number of the newest change that is known. */
  get sequence(): number {
    return this._record.sequence;
  }

  /** Take in what the vault says now; an older word changes nothing. */
  become(record: IBatchRecord): void {
    if (record.sequence >= this._record.sequence) {
      this._record = record;
      this._changed.emit(undefined);
    }
  }

  /** Hold the tasks, as far as a card shows them. */
  holdTasks(tasks: readonly ITaskSnapshot[]): void {
    this._tasks = tasks;
    this._changed.emit(undefined);
  }

  /**
   * Note that what the tasks left is put into the cell next, and what there
   * is to say of it.
   */
  land(note: string | undefined): void {
    this._landed = this.counts.total;
    this._note = note;
    this._changed.emit(undefined);
  }

  snapshot(): IBatchSnapshot {
    const record = this._record;
    return {
      version: 1,
      id: record.id,
      title: record.title,
      state: record.state,
      service: record.service,
      endpoint: record.endpoint,
      taskGroupId: this.taskGroupId,
      functionIds: record.functionIds,
      created: record.created,
      ended: this.ended,
      counts: record.counts,
      tasks: this.tasks,
      pythonVersion: record.pythonVersion ?? undefined,
      note: this.note,
      sourceHash: record.sourceHash || undefined,
      landed: this._landed
    };
  }

  private _record: IBatchRecord;
  private _tasks: readonly ITaskSnapshot[] | null = null;
  private _note: string | undefined;
  private _landed: number | undefined;
  private readonly _changed = new Signal<this, void>(this);
}

/** A task of the vault as a card and the panel show it. */
export function toTaskSnapshot(task: ITaskRecord): ITaskSnapshot {
  return {
    index: task.index,
    id: task.id ?? undefined,
    label: task.label,
    state: task.state,
    line: task.line ?? undefined,
    submitted: task.submitted ?? undefined,
    started: task.started ?? undefined,
    ended: task.ended ?? undefined,
    failure:
      toFailure(task.failure) ??
      (task.lost
        ? toFailure({
            type: 'ResultLost',
            message: 'The service no longer has the result of this task.'
          })
        : undefined)
  };
}

function toFailure(
  failure: { type: string; message: string } | null
): ITaskFailure | undefined {
  return failure ? { ...failure, traceback: '' } : undefined;
}
