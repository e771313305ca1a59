/**
 * One caller's interest in some tasks.
 */

import type { ITaskResult } from './types.js';

/**
 * Keeps what a caller was told about its tasks, and tells it what is new.
 */
export class Watch {
  /**
   * @param taskIds - The tasks; repeated ids count once.
   * @param onUpdate - Told each change of state.
   * @param onError - Told each failed request that will be repeated.
   */
  constructor(
    taskIds: readonly string[],
    onUpdate: (result: ITaskResult) => void,
    onError?: (error: Error, attempt: number) => void
  ) {
    this._onUpdate = onUpdate;
    this._onError = onError;
    this._pending = new Set(taskIds);
    this.done = new Promise((resolve, reject) => {
      this._resolve = resolve;
      this._reject = reject;
    });
    this._finishIfComplete();
  }

  /** Resolved when all tasks are finished, rejected when the watch fails. */
  readonly done: Promise<void>;

  /** The tasks not finished yet. */
  get pending(): ReadonlySet<string> {
    return this._pending;
  }

  /**
   * Pass on a task's state if it is news to the caller.
   *
   * @returns Whether it was.
   */
  update(result: ITaskResult): boolean {
    const { taskId, pending, status } = result;
    if (!this._pending.has(taskId) || this._states.get(taskId) === status) {
      return false;
    }
    if (pending) {
      this._states.set(taskId, status);
    } else {
      this._states.delete(taskId);
      this._pending.delete(taskId);
    }
    this._guard(() => {
      this._onUpdate(result);
    });
    this._finishIfComplete();
    return true;
  }

  /** Tell the caller about a failed request that will be repeated. */
  report(error: Error, attempt: number): void {
    this._guard(() => this._onError?.(error, attempt));
  }

  /** End the watch with an error. */
  fail(error: unknown): void {
    this._pending.clear();
    this._reject(error);
  }

  /** A caller that throws ends its own watch and nobody else's. */
  private _guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.fail(error);
    }
  }

  private _finishIfComplete(): void {
    if (this._pending.size === 0) {
      this._resolve();
    }
  }

  private readonly _onError?: (error: Error, attempt: number) => void;
  private readonly _onUpdate: (result: ITaskResult) => void;
  private readonly _pending: Set<string>;
  private _reject!: (error: unknown) => void;
  private _resolve!: () => void;
  private readonly _states = new Map<string, string>();
}
