/**
 * The client of a Globus Compute service.
 */

import {
  answerRecord,
  invalidAnswer,
  readEndpoint,
  readEndpointMetadata,
  readEndpointStatus,
  readFunction,
  readTask,
  readTaskGroup,
  readVersion,
  requiredText
} from './answers.js';
import { Batch } from './batch.js';
import { TaskResultCache } from './cache.js';
import { type ClientOptions, transportOf } from './connection.js';
import { ComputeError, TaskPending } from './errors.js';
import { recordOrEmpty } from './json.js';
import type {
  IBatchOptions,
  IRunOptions,
  RegisterFunctionOptions
} from './options.js';
import { registrationBody } from './registration.js';
import { ComputeSerializer } from './serialize/serializer.js';
import { submitFailure } from './submission.js';
import type {
  IBatchReceipt,
  IEndpoint,
  IEndpointMetadata,
  IEndpointStatus,
  IFunctionRecord,
  IServiceVersion,
  ITaskGroup,
  ITaskResult,
  ITransport
} from './types.js';

/**
 * Registers functions, runs them on endpoints and fetches their results.
 *
 * All methods reject with subclasses of ComputeError only.
 *
 * @example
 * ```ts
 * const client = new Client({ baseUrl, loginManager });
 * const functionId = await client.registerFunction({
 *   name: 'double',
 *   source: 'def double(x):\n    return 2 * x\n'
 * });
 * const taskId = await client.run({ functionId, endpointId, args: [21] });
 * ```
 *
 * @see https://compute.api.globus.org/redoc
 */
export class Client {
  /**
   * @param options - The service, or the transport to it.
   */
  constructor(options: ClientOptions) {
    this._serializer = options.serializer ?? new ComputeSerializer();
    this._transport = transportOf(options);
  }

  /**
   * Register a function from its source: `POST /v3/functions`.
   *
   * @returns UUID of the function.
   * @throws SerializationError when the source cannot be written as asked.
   */
  async registerFunction(options: RegisterFunctionOptions): Promise<string> {
    const body = registrationBody(options);
    const answer = await this._post('/v3/functions', body, options.signal);
    return requiredText(
      answerRecord(answer, 'the registration'),
      'function_uuid'
    );
  }

  /**
   * What is registered under a function id: `GET /v2/functions/{id}`.
   */
  async getFunction(
    functionId: string,
    signal?: AbortSignal
  ): Promise<IFunctionRecord> {
    return readFunction(
      await this._get(path`/v2/functions/${functionId}`, signal)
    );
  }

  /**
   * Delete a function: `DELETE /v2/functions/{id}`.
   */
  async deleteFunction(
    functionId: string,
    signal?: AbortSignal
  ): Promise<void> {
    await this._transport.request({
      method: 'DELETE',
      path: path`/v2/functions/${functionId}`,
      signal
    });
  }

  /**
   * Submit one call.
   *
   * @returns UUID of the task.
   * @throws SubmitOutcomeUnknown when no usable answer came.
   */
  async run(options: IRunOptions): Promise<string> {
    const batch = this.createBatch();
    batch.add(options.functionId, options.args, options.kwargs);
    const receipt = await this.batchRun(
      options.endpointId,
      batch,
      options.signal
    );
    return receipt.taskIds[0];
  }

  /**
   * Start a batch of calls; nothing is sent before `batchRun`.
   */
  createBatch(options: IBatchOptions = {}): Batch {
    return new Batch(options, this._serializer);
  }

  /**
   * Submit a batch, once: `POST /v3/endpoints/{id}/submit`.
   *
   * @throws SubmitOutcomeUnknown when no usable answer came, so that the
   * tasks may be running.
   */
  async batchRun(
    endpointId: string,
    batch: Batch,
    signal?: AbortSignal
  ): Promise<IBatchReceipt> {
    if (batch.length === 0) {
      throw new ComputeError('The batch has no calls. Add one, then run it.', {
        code: 'EMPTY_BATCH'
      });
    }
    const alreadyAborted = signal?.aborted === true;
    try {
      const answer = await this._post(
        path`/v3/endpoints/${endpointId}/submit`,
        batch.toRequest(),
        signal
      );
      return batch.readReceipt(endpointId, answer);
    } catch (error) {
      throw alreadyAborted ? error : submitFailure(error, batch.taskGroupId);
    }
  }

  /**
   * One task, finished or not: `GET /v2/tasks/{id}`. A finished task is
   * remembered and not asked for again.
   */
  async getTask(taskId: string, signal?: AbortSignal): Promise<ITaskResult> {
    const known = this._results.get(taskId);
    if (known) {
      return known;
    }
    return this._keep(
      taskId,
      await this._get(path`/v2/tasks/${taskId}`, signal)
    );
  }

  /**
   * The value a task returned.
   *
   * @throws TaskPending while it is not finished.
   * @throws TaskExecutionFailed when it failed.
   */
  async getResult(taskId: string, signal?: AbortSignal): Promise<unknown> {
    const task = await this.getTask(taskId, signal);
    if (task.pending) {
      throw new TaskPending(taskId, task.status);
    }
    if (task.exception) {
      throw task.exception;
    }
    if (task.serialized === undefined) {
      throw new ComputeError(
        `Task ${taskId} finished but the service no longer has its result ` +
          `(${task.reason ?? 'unknown'}). Run it again.`,
        { code: 'RESULT_GONE' }
      );
    }
    return task.result;
  }

  /**
   * Many tasks in one request, without waiting: `POST /v2/batch_status`.
   * Failed tasks are included, tasks the service does not know are left out.
   *
   * @param taskIds - The tasks; a few hundred at most keep the service quick.
   */
  async getBatchResult(
    taskIds: readonly string[],
    signal?: AbortSignal
  ): Promise<Map<string, ITaskResult>> {
    const missing = new Set(taskIds.filter(id => !this._results.has(id)));
    const found = this._results.pick(taskIds);
    if (missing.size > 0) {
      const answer = await this._post(
        '/v2/batch_status',
        { task_ids: [...missing] },
        signal
      );
      const entries = recordOrEmpty(answerRecord(answer, 'the tasks').results);
      for (const taskId of missing) {
        if (Object.hasOwn(entries, taskId)) {
          found.set(taskId, this._keep(taskId, entries[taskId]));
        }
      }
    }
    return found;
  }

  /**
   * The tasks of a group: `GET /v2/taskgroup/{id}`.
   */
  async getTaskGroup(
    taskGroupId: string,
    signal?: AbortSignal
  ): Promise<ITaskGroup> {
    return readTaskGroup(
      await this._get(path`/v2/taskgroup/${taskGroupId}`, signal)
    );
  }

  /**
   * The endpoints we may use, or only our own: `GET /v2/endpoints`.
   */
  async getEndpoints(
    role: 'any' | 'owner' = 'any',
    signal?: AbortSignal
  ): Promise<IEndpoint[]> {
    const answer = await this._get('/v2/endpoints', signal, { role });
    if (!Array.isArray(answer)) {
      throw invalidAnswer('the endpoints are not a list');
    }
    return answer.map(readEndpoint);
  }

  /**
   * Whether an endpoint is online: `GET /v2/endpoints/{id}/status`.
   */
  async getEndpointStatus(
    endpointId: string,
    signal?: AbortSignal
  ): Promise<IEndpointStatus> {
    return readEndpointStatus(
      await this._get(path`/v2/endpoints/${endpointId}/status`, signal)
    );
  }

  /**
   * What is registered about an endpoint: `GET /v2/endpoints/{id}`.
   */
  async getEndpointMetadata(
    endpointId: string,
    signal?: AbortSignal
  ): Promise<IEndpointMetadata> {
    return readEndpointMetadata(
      await this._get(path`/v2/endpoints/${endpointId}`, signal)
    );
  }

  /**
   * Versions of the service: `GET /v2/version?service=all`.
   */
  async getVersion(signal?: AbortSignal): Promise<IServiceVersion> {
    const query = { service: 'all' };
    return readVersion(await this._get('/v2/version', signal, query));
  }

  private _get(
    path: string,
    signal?: AbortSignal,
    query?: Record<string, string>
  ): Promise<unknown> {
    return this._transport.request({ method: 'GET', path, query, signal });
  }

  private _post(
    path: string,
    body: unknown,
    signal?: AbortSignal
  ): Promise<unknown> {
    return this._transport.request({ method: 'POST', path, body, signal });
  }

  private _keep(taskId: string, answer: unknown): ITaskResult {
    const task = readTask(taskId, answer, text =>
      this._serializer.deserializeSafely(text)
    );
    if (!task.pending) {
      this._results.set(task);
    }
    return task;
  }

  private readonly _results = new TaskResultCache();
  private readonly _serializer: ComputeSerializer;
  private readonly _transport: ITransport;
}

/** A path with its ids encoded. */
function path(texts: TemplateStringsArray, ...ids: string[]): string {
  return String.raw({ raw: texts }, ...ids.map(encodeURIComponent));
}
