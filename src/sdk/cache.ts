/**
 * Finished tasks of this session.
 */

import type { ITaskResult } from './types.js';

/** Room for serialized results, in UTF-16 code units: 128 MiB as a rule. */
const DEFAULT_CAPACITY = 64 * 1024 * 1024;

/**
 * Remembers finished tasks, because a service may hand a result out only
 * once. The least recently used are forgotten when the results grow too large.
 */
export class TaskResultCache {
  /**
   * @param capacity - Room for serialized results, in UTF-16 code units.
   */
  constructor(capacity = DEFAULT_CAPACITY) {
    this._capacity = capacity;
  }

  /** Whether a task is remembered. */
  has(taskId: string): boolean {
    return this._tasks.has(taskId);
  }

  /** A remembered task. */
  get(taskId: string): ITaskResult | undefined {
    const task = this._tasks.get(taskId);
    if (task) {
      // A Map lists its keys in the order of insertion: move to the end.
      this._tasks.delete(taskId);
      this._tasks.set(taskId, task);
    }
    return task;
  }

  /** Those of the tasks that are remembered, in the order given. */
  pick(taskIds: readonly string[]): Map<string, ITaskResult> {
    const found = new Map<string, ITaskResult>();
    for (const taskId of taskIds) {
      const task = this.get(taskId);
      if (task) {
        found.set(taskId, task);
      }
    }
    return found;
  }

  /** Remember a finished task. */
  set(task: ITaskResult): void {
    this._forget(task.taskId);
    this._tasks.set(task.taskId, task);
    this._size += sizeOf(task);
    for (const taskId of this._tasks.keys()) {
      if (this._size <= this._capacity || taskId === task.taskId) {
        break;
      }
      this._forget(taskId);
    }
  }

  /** Forget all tasks. */
  clear(): void {
    this._tasks.clear();
    this._size = 0;
  }

  private _forget(taskId: string): void {
    const task = this._tasks.get(taskId);
    if (task) {
      this._tasks.delete(taskId);
      this._size -= sizeOf(task);
    }
  }

  private readonly _capacity: number;
  private _size = 0;
  private readonly _tasks = new Map<string, ITaskResult>();
}

/** Room a task takes: its texts, and something for the task itself. */
function sizeOf(task: ITaskResult): number {
  const exception = task.exception?.remoteText.length ?? 0;
  return 256 + (task.serialized?.length ?? 0) + exception;
}
