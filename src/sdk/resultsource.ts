/**
 * Where news of tasks come from.
 */

import type { ITaskResult } from './types.js';

/**
 * Tells when tasks finish, by asking or by being told.
 */
export interface IResultSource {
  /**
   * Watch tasks until all are finished.
   *
   * @param taskIds - The tasks; repeated ids count once.
   * @param onUpdate - Told each change of state, and each finished task once.
   * @param options - How to stop, and whom to tell about failures.
   * @returns When all tasks are finished, failed ones included.
   * @throws RequestAborted when the signal fires.
   * @throws ComputeError when nothing more will be learned of the tasks.
   */
  watch(
    taskIds: readonly string[],
    onUpdate: (result: ITaskResult) => void,
    options?: IWatchOptions
  ): Promise<void>;
}

/**
 * What one call of `IResultSource.watch` may say.
 */
export interface IWatchOptions {
  /** Stops the watching; the tasks go on. */
  signal?: AbortSignal;

  /**
   * Told about each failed request that will be repeated; `attempt` counts
   * the failures since the last answer, from 1.
   */
  onError?: (error: Error, attempt: number) => void;
}
