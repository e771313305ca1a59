/**
 * Calls on their way to a service.
 */

import type { Client } from './client.js';
import { ComputeError } from './errors.js';
import type { TaskFuture } from './future.js';
import type { IBatchOptions } from './options.js';
import type { IResultSource } from './resultsource.js';
import { BatchPartlySubmitted } from './taskerrors.js';

/** How long to collect calls before sending them, in milliseconds. */
const COLLECT_MS = 5;

/** The task group of calls; its id is known after the first submission. */
export interface ITaskGroupSlot {
  id?: string;
}

/** What the calls of one submission have in common. */
interface ICallSettings {
  endpointId: string;
  group: ITaskGroupSlot;
  options: Omit<IBatchOptions, 'taskGroupId'>;
}

/** A call that is to be sent. */
export interface IQueuedCall {
  future: TaskFuture;
  functionId: string;
  payload: string;
  settings: ICallSettings;
}

/**
 * Puts calls together and submits them, one submission at a time, in the
 * order added. While one is on its way the next one is collected.
 */
export class SubmitQueue {
  /**
   * @param client - Submits the batches.
   * @param results - Tells when the tasks finish.
   * @param batchSize - Most calls in one submission.
   */
  constructor(client: Client, results: IResultSource, batchSize: number) {
    this._batchSize = Math.max(1, batchSize);
    this._client = client;
    this._results = results;
  }

  /** Add a call; its future learns what became of it. */
  add(call: IQueuedCall): void {
    this._calls.push(call);
    void this._run();
  }

  /** Follow tasks that exist already. */
  follow(futures: readonly TaskFuture[]): void {
    const byTask = new Map(futures.map(future => [future.taskId, future]));
    const taskIds = [...byTask.keys()].filter(id => id !== undefined);
    if (taskIds.length === 0) {
      return;
    }
    const watching = this._results.watch(taskIds, task => {
      byTask.get(task.taskId)?.update(task);
    });
    watching.catch((error: unknown) => {
      futures.forEach(future => {
        future.fail(asError(error));
      });
    });
  }

  private async _run(): Promise<void> {
    if (this._isRunning) {
      return;
    }
    this._isRunning = true;
    while (this._calls.length > 0) {
      await new Promise(resolve => setTimeout(resolve, COLLECT_MS));
      const calls = this._take();
      if (calls.length > 0) {
        await this._submit(calls);
      }
    }
    this._isRunning = false;
  }

  /** The next calls with the same settings, without those cancelled. */
  private _take(): IQueuedCall[] {
    this._calls = this._calls.filter(call => !call.future.done);
    const first = this._calls.at(0);
    if (!first) {
      return [];
    }
    const end = this._calls.findIndex(
      (call, i) =>
        i >= this._batchSize || !areSame(call.settings, first.settings)
    );
    return this._calls.splice(0, end < 0 ? this._calls.length : end);
  }

  private async _submit(calls: readonly IQueuedCall[]): Promise<void> {
    const { endpointId, group, options } = calls[0].settings;
    const batch = this._client.createBatch({
      ...options,
      taskGroupId: group.id
    });
    for (const { future, functionId, payload } of calls) {
      future.markSent();
      batch.addSerialized(functionId, payload);
    }
    try {
      const receipt = await this._client.batchRun(endpointId, batch);
      this._accept(calls, receipt.taskIds, receipt.taskGroupId);
    } catch (error) {
      if (error instanceof BatchPartlySubmitted) {
        this._accept(calls, error.taskIds, error.taskGroupId);
        this._sortOut(calls, error);
      } else {
        calls.forEach(({ future }) => {
          future.fail(asError(error));
        });
      }
    }
  }

  private _accept(
    calls: readonly IQueuedCall[],
    taskIds: readonly (string | undefined)[],
    taskGroupId: string
  ): void {
    calls[0].settings.group.id ??= taskGroupId;
    const accepted = calls.flatMap(({ future }, i) => {
      const taskId = taskIds[i];
      if (taskId === undefined) {
        return [];
      }
      future.accept(taskId, taskGroupId);
      return [future];
    });
    this.follow(accepted);
  }

  /** End the calls that failed; those that were never sent wait again. */
  private _sortOut(
    calls: readonly IQueuedCall[],
    { cause, failed, taskIds }: BatchPartlySubmitted
  ): void {
    failed.forEach(place => {
      calls[place].future.fail(cause);
    });
    const unsent = calls.filter(
      (_, place) => taskIds[place] === undefined && !failed.includes(place)
    );
    this._calls.unshift(...unsent);
  }

  private readonly _batchSize: number;
  private _calls: IQueuedCall[] = [];
  private readonly _client: Client;
  private _isRunning = false;
  private readonly _results: IResultSource;
}

function areSame(a: ICallSettings, b: ICallSettings): boolean {
  return (
    a.endpointId === b.endpointId &&
    a.group === b.group &&
    a.options.resourceSpecification === b.options.resourceSpecification &&
    a.options.userEndpointConfig === b.options.userEndpointConfig &&
    a.options.resultSerializers === b.options.resultSerializers
  );
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new ComputeError(String(error));
}
