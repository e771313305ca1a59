/**
 * The result of a call, as it will be.
 */

import { ComputeError } from './errors.js';
import { TaskCancelled } from './taskerrors.js';
import type { ITaskResult } from './types.js';
import { type IWaitOptions, waitFor } from './waiting.js';

/** How a future ended. */
type Outcome = { value: unknown } | { error: Error };

/**
 * The result of a call, as it will be. Made by an Executor; awaiting it gives
 * the value.
 *
 * @example
 * ```ts
 * const future = executor.submit(double, [21]);
 * console.log(await future.submitted, await future);
 * ```
 */
export class TaskFuture<T = unknown> implements PromiseLike<T> {
  constructor() {
    this.submitted = new Promise((resolve, reject) => {
      this._onAccepted = resolve;
      this._onRefused = reject;
    });
    this._settled = new Promise(resolve => {
      this._onSettled = resolve;
    });
    // A future nobody waits for may fail in silence, as in Python.
    this.submitted.catch(() => undefined);
  }

  /**
   * The task id, as soon as the service has given one; rejected when the call
   * could not be submitted.
   */
  readonly submitted: Promise<string>;

  /** The task id, where the service has given one. */
  get taskId(): string | undefined {
    return this._taskId;
  }

  /** The group the task is in, where it was submitted. */
  get taskGroupId(): string | undefined {
    return this._taskGroupId;
  }

  /**
   * `queued` until it is sent, then a TaskState, or another word of the
   * service.
   */
  get status(): string {
    return this._status;
  }

  /** The task as the service told it last, where it did. */
  get task(): ITaskResult | undefined {
    return this._task;
  }

  /** Whether there is a value or an error. */
  get done(): boolean {
    return this._outcome !== undefined;
  }

  /** Whether it was cancelled before it was sent. */
  get cancelled(): boolean {
    return this._error() instanceof TaskCancelled;
  }

  /**
   * Cancel the call if it has not been sent yet. Globus Compute cannot cancel
   * a task.
   *
   * @returns Whether it is cancelled.
   */
  cancel(): boolean {
    if (!this._isSent && !this.done) {
      this.fail(new TaskCancelled());
    }
    return this.cancelled;
  }

  /**
   * Wait for the value.
   *
   * @throws TaskExecutionFailed when the task failed.
   * @throws TaskCancelled when it was cancelled.
   * @throws ComputeError when it could not be submitted or followed.
   * @throws ResultTimeout or RequestAborted when the wait was ended before.
   */
  async result(options: IWaitOptions = {}): Promise<T> {
    const outcome = await waitFor(this._settled, options, this._taskId);
    if ('error' in outcome) {
      throw outcome.error;
    }
    return outcome.value as T;
  }

  /**
   * Wait for the end, and say why there is no value.
   *
   * @returns The error, or null when there is a value.
   * @throws ResultTimeout or RequestAborted when the wait was ended before.
   */
  async exception(options: IWaitOptions = {}): Promise<Error | null> {
    const outcome = await waitFor(this._settled, options, this._taskId);
    return 'error' in outcome ? outcome.error : null;
  }

  /** Wait for the value, as `await` does. */
  then<V = T, E = never>(
    onValue?: ((value: T) => V | PromiseLike<V>) | null,
    onError?: ((error: unknown) => E | PromiseLike<E>) | null
  ): Promise<V | E> {
    return this.result().then(onValue, onError);
  }

  /**
   * Be told when it is done; soon, when it is already.
   */
  addDoneCallback(callback: () => void): void {
    void this._settled.then(() => {
      callback();
    });
  }

  /** For executors: it is being sent and can no longer be cancelled. */
  markSent(): void {
    this._isSent = true;
    this._status = 'submitting';
  }

  /** For executors: the service has given it a task. */
  accept(taskId: string, taskGroupId?: string): void {
    this._isSent = true;
    this._status = 'received';
    this._taskId = taskId;
    this._taskGroupId = taskGroupId;
    this._onAccepted(taskId);
  }

  /** For executors: what the service says of the task. */
  update(task: ITaskResult): void {
    this._task = task;
    this._status = task.status;
    if (task.pending) {
      return;
    }
    if (task.exception) {
      this.fail(task.exception);
    } else if (task.serialized === undefined) {
      this.fail(
        new ComputeError(
          `Task ${task.taskId} finished but the service no longer has its ` +
            `result (${task.reason ?? 'unknown'}). Run it again.`,
          { code: 'RESULT_GONE' }
        )
      );
    } else {
      this._settle({ value: task.result });
    }
  }

  /** For executors: there will be no value. */
  fail(error: Error): void {
    this._onRefused(error);
    this._settle({ error });
  }

  private _settle(outcome: Outcome): void {
    if (this._outcome === undefined) {
      this._outcome = outcome;
      this._onSettled(outcome);
    }
  }

  private _error(): Error | undefined {
    const outcome = this._outcome;
    return outcome && 'error' in outcome ? outcome.error : undefined;
  }

  private _isSent = false;
  private _onAccepted!: (taskId: string) => void;
  private _onRefused!: (error: Error) => void;
  private _onSettled!: (outcome: Outcome) => void;
  private _outcome: Outcome | undefined;
  private readonly _settled: Promise<Outcome>;
  private _status = 'queued';
  private _task: ITaskResult | undefined;
  private _taskGroupId: string | undefined;
  private _taskId: string | undefined;
}
