import type { ITaskResult, TaskState } from '../../sdk';
import type { IBatchCounts, ITaskFailure, ITaskSnapshot } from '../../tokens';
import { phaseOf } from '../format';
import type { ITaskOutput } from './outcome';
import { readOutcome } from './outcome';

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

/** A call that is about to be submitted. */
export interface IPlannedTask {
  /** Position within the batch, from 0. */
  readonly index: number;
  readonly label: string;
  /** Line of the cell that made the call, 1-based. */
  readonly line: number | null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The tasks of a batch that was run from this JupyterLab, by their index. */
export class BatchTasks {
  get items(): readonly ITaskSnapshot[] {
    return this._items;
  }

  get counts(): IBatchCounts {
    return this._counts;
  }

  /** How many are planned that the service has not taken. */
  get unsent(): number {
    return this._unsent;
  }

  get firstFailure(): ITaskFailure | undefined {
    return this._counts.failed > 0
      ? this._items.find(({ failure }) => failure)?.failure
      : undefined;
  }

  /** When the last of them ended, in seconds since the epoch. */
  get lastEnd(): number | undefined {
    return this._lastEnd;
  }

  /** The Python that ran them, where that is known. */
  get pythonVersion(): string | undefined {
    return this._pythonVersion;
  }

  /** The Globus Compute SDK that ran them, where that is known. */
  get sdkVersion(): string | undefined {
    return this._sdkVersion;
  }

  /**
   * Add calls that are about to be submitted. An index that is there already
   * is tried again: what its last attempt left is gone.
   */
  plan(tasks: readonly IPlannedTask[]): void {
    for (const { index, label, line } of tasks) {
      const earlier = this._items.at(index);
      if (earlier) {
        this._forgetAttempt(earlier);
      }
      this._items[index] = {
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
  }

  /** Note the task ids that the service gave to some calls, by index. */
  accept(accepted: ReadonlyMap<number, string>): void {
    const submitted = Date.now() / 1000;
    for (const [index, id] of accepted) {
      Object.assign(this._items[index], { id, submitted });
      this._indexOf.set(id, index);
    }
    this._unsent -= accepted.size;
  }

  /**
   * Take in what the service says of one task.
   *
   * @returns whether that was news.
   */
  update(result: ITaskResult): boolean {
    const index = this._indexOf.get(result.taskId);
    if (index === undefined) {
      return false;
    }
    const task = this._items[index];
    if (task.state === 'success' || task.state === 'failed') {
      return false;
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
    return true;
  }

  /** What the finished ones left since the last call, in their order. */
  takeOutputs(): ITaskOutput[] {
    const outputs = [...this._outputs.values()].sort(
      (a, b) => a.index - b.index
    );
    this._outputs.clear();
    return outputs;
  }

  /** As many of them as a notebook keeps: the first, and the first failures. */
  sample(): ITaskSnapshot[] {
    let failures = 0;
    return this._items
      .filter(
        (task, index) =>
          index < MAX_SNAPSHOT_TASKS ||
          (task.state === 'failed' && ++failures <= MAX_SNAPSHOT_FAILURES)
      )
      .map(task => ({ ...task }));
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

  private readonly _items: Mutable<ITaskSnapshot>[] = [];
  private readonly _indexOf = new Map<string, number>();
  private readonly _outputs = new Map<number, ITaskOutput>();
  private readonly _counts: Mutable<IBatchCounts> = {
    total: 0,
    waiting: 0,
    running: 0,
    done: 0,
    failed: 0
  };
  private _unsent = 0;
  private _lastEnd: number | undefined;
  private _pythonVersion: string | undefined;
  private _sdkVersion: string | undefined;
}
