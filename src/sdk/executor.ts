/**
 * Runs functions on an endpoint and gives futures.
 */

import {
  chunked,
  RegisteredFunctions,
  type RemoteCallable
} from './callable.js';
import type { Client } from './client.js';
import { ComputeError } from './errors.js';
import {
  type Call,
  callOf,
  type IExecutorOptions,
  type IMapOptions
} from './executoroptions.js';
import { TaskFuture } from './future.js';
import { requireSize } from './submission.js';
import { type ITaskGroupSlot, SubmitQueue } from './submitqueue.js';
import { TaskMap } from './taskmap.js';
import { type IWaitOptions, waitFor } from './waiting.js';

/**
 * Runs functions on an endpoint and gives futures: the counterpart of the
 * Python SDK's class of that name. Calls made close together are submitted
 * together, and one polling loop waits for the results of all of them.
 *
 * @example
 * ```ts
 * const executor = new Executor({ client, endpointId });
 * const double = { name: 'double', source: 'def double(x): return 2 * x' };
 * console.log(await executor.submit(double, [21]));
 * console.log(await executor.map(double, [1, 2, 3]));
 * await executor.shutdown();
 * ```
 */
export class Executor {
  /**
   * @param options - The client, and where and how to run.
   */
  constructor(options: IExecutorOptions) {
    this.client = options.client;
    this.endpointId = options.endpointId;
    this.taskGroupId = options.taskGroupId;
    this.resourceSpecification = options.resourceSpecification;
    this.userEndpointConfig = options.userEndpointConfig;
    this.resultSerializers = options.resultSerializers;
    this.label = options.label ?? '';
    this._functions = new RegisteredFunctions(this.client);
    this._queue = new SubmitQueue(
      this.client,
      options.results ?? this.client.results,
      options.batchSize ?? 128
    );
  }

  /** Speaks to the service. */
  readonly client: Client;

  /** Name for people. */
  readonly label: string;

  /** Endpoint the next calls go to. */
  endpointId?: string;

  /** Resources for each of the next tasks; replace it, do not change it. */
  resourceSpecification?: Readonly<Record<string, unknown>>;

  /** Values for the endpoint's template; replace it, do not change it. */
  userEndpointConfig?: Readonly<Record<string, unknown>>;

  /** Python import paths of the strategies to write results with. */
  resultSerializers?: readonly string[];

  /** The task group of the next calls; known after the first submission. */
  get taskGroupId(): string | undefined {
    return this._group.id;
  }
  set taskGroupId(taskGroupId: string | undefined) {
    this._group = { id: taskGroupId };
  }

  /** Number of calls the service has accepted. */
  get taskCountSubmitted(): number {
    return this._submittedCount;
  }

  /**
   * Register a function now; `submit` does it by itself the first time.
   *
   * @returns UUID of the function.
   * @throws ComputeError when it cannot be registered.
   */
  registerFunction(callable: RemoteCallable): Promise<string> {
    this._requireOpen();
    return this._functions.idOf(callable);
  }

  /**
   * Call a function on the endpoint.
   *
   * @param callable - The function: source, a shell command, or a UUID.
   * @param args - Positional arguments.
   * @param kwargs - Keyword arguments.
   * @returns The result as it will be; what goes wrong later is told by it.
   * @throws ComputeError, code `EXECUTOR_SHUT_DOWN` or `NO_ENDPOINT`.
   * @throws SerializationError when an argument is no plain value.
   * @throws PayloadTooLarge when the arguments are larger than 10 MB.
   */
  submit<T = unknown>(
    callable: RemoteCallable,
    args: readonly unknown[] = [],
    kwargs: Record<string, unknown> = {}
  ): TaskFuture<T> {
    this._requireOpen();
    const settings = {
      endpointId: this._requireEndpoint(),
      group: this._group,
      options: {
        resourceSpecification: this.resourceSpecification,
        userEndpointConfig: this.userEndpointConfig,
        resultSerializers: this.resultSerializers
      }
    };
    const payload = this.client.createBatch().serialize(args, kwargs);
    requireSize(payload);
    const future = new TaskFuture<T>();
    this._keep(future);
    this._functions.idOf(callable).then(
      functionId => {
        this._queue.add({ future, functionId, payload, settings });
      },
      (error: unknown) => {
        future.fail(error as Error);
      }
    );
    return future;
  }

  /**
   * Call a function that is registered already.
   *
   * @param functionId - UUID of the function.
   * @param args - Positional arguments.
   * @param kwargs - Keyword arguments.
   * @throws As `submit` does.
   */
  submitToRegisteredFunction<T = unknown>(
    functionId: string,
    args: readonly unknown[] = [],
    kwargs: Record<string, unknown> = {}
  ): TaskFuture<T> {
    return this.submit<T>(functionId, args, kwargs);
  }

  /**
   * Call a function for each of many items.
   *
   * @param callable - The function.
   * @param items - What to call it with.
   * @param options - What an item is, and how many go in one task.
   * @throws As `submit` does; ComputeError, code `INVALID_FUNCTION`, when
   * several items are to go in one task and the source is not at hand.
   */
  map<T = unknown>(
    callable: RemoteCallable,
    items: Iterable<unknown>,
    options: IMapOptions = {}
  ): TaskMap<T> {
    const { chunkSize = 1 } = options;
    const calls = Array.from(items, item => callOf(item, options));
    if (chunkSize <= 1) {
      return new TaskMap<T>(this._submitAll(callable, calls), 0);
    }
    const chunks: Call[] = [];
    for (let i = 0; i < calls.length; i += chunkSize) {
      chunks.push([[calls.slice(i, i + chunkSize)], {}]);
    }
    const futures = this._submitAll(chunked(callable), chunks);
    return new TaskMap<T>(futures, chunkSize);
  }

  /**
   * Futures for the tasks of a group, e.g. one of an earlier session.
   *
   * @param taskGroupId - The group, which the next calls go to as well; the
   * executor's own unless given.
   * @throws ComputeError, code `NO_TASK_GROUP`, when there is none.
   * @throws NotFoundError when the service does not know it.
   */
  async reloadTasks(
    taskGroupId?: string,
    signal?: AbortSignal
  ): Promise<TaskFuture[]> {
    this._requireOpen();
    const id = taskGroupId ?? this.taskGroupId;
    if (!id) {
      throw new ComputeError(
        'The executor has no task group yet. Give the id of one.',
        { code: 'NO_TASK_GROUP' }
      );
    }
    const group = await this.client.getTaskGroup(id, signal);
    if (this.taskGroupId !== id) {
      this.taskGroupId = id;
    }
    const futures = group.taskIds.map(taskId => {
      const future = new TaskFuture();
      future.accept(taskId, group.taskGroupId);
      this._keep(future);
      return future;
    });
    this._queue.follow(futures);
    return futures;
  }

  /**
   * Take no more calls. It may be called several times.
   *
   * @param options - `wait`, true unless given, waits until all futures are
   * done, failed ones included; `cancelFutures` cancels those not sent yet.
   * @throws ResultTimeout or RequestAborted when the wait is ended before.
   */
  async shutdown(
    options: IWaitOptions & { wait?: boolean; cancelFutures?: boolean } = {}
  ): Promise<void> {
    this._isOpen = false;
    if (options.cancelFutures) {
      this._open.forEach(future => future.cancel());
    }
    if (options.wait ?? true) {
      const ends = Array.from(this._open, future => future.exception());
      await waitFor(Promise.all(ends), options);
    }
  }

  /** Submit all calls, or none when one of them cannot be written. */
  private _submitAll(
    callable: RemoteCallable,
    calls: readonly Call[]
  ): TaskFuture[] {
    const futures: TaskFuture[] = [];
    try {
      for (const call of calls) {
        futures.push(this.submit(callable, ...call));
      }
    } catch (error) {
      // Nothing was sent yet: that takes another turn of the event loop.
      futures.forEach(future => future.cancel());
      throw error;
    }
    return futures;
  }

  private _keep(future: TaskFuture): void {
    this._open.add(future);
    future.submitted.then(
      () => (this._submittedCount += 1),
      () => undefined
    );
    future.addDoneCallback(() => this._open.delete(future));
  }

  private _requireOpen(): void {
    if (!this._isOpen) {
      throw new ComputeError(
        'The executor was shut down. Make another one for more calls.',
        { code: 'EXECUTOR_SHUT_DOWN' }
      );
    }
  }

  private _requireEndpoint(): string {
    if (!this.endpointId) {
      throw new ComputeError(
        'The executor has no endpoint. Give one when making it, or set its ' +
          '"endpointId".',
        { code: 'NO_ENDPOINT' }
      );
    }
    return this.endpointId;
  }

  private readonly _functions: RegisteredFunctions;
  private _group: ITaskGroupSlot = {};
  private _isOpen = true;
  private readonly _open = new Set<TaskFuture>();
  private readonly _queue: SubmitQueue;
  private _submittedCount = 0;
}
