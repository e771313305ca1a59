/**
 * The client of a Globus Compute service.
 */

import { answerRecord, readTask, readTaskGroup } from './answers.js';
import { Batch } from './batch.js';
import { TaskResultCache } from './cache.js';
import type { ClientOptions } from './connection.js';
import { type Decode, ResultDecoder } from './decoder.js';
import { ComputeError, TaskPending } from './errors.js';
import { FunctionsClient } from './functionsclient.js';
import { HARDWARE_REPORT } from './hardware.js';
import { recordOrEmpty } from './json.js';
import type { IBatchOptions, IRunOptions } from './options.js';
import { ResultPoller } from './poller.js';
import type { IResultSource } from './resultsource.js';
import type { ComputeSerializer } from './serialize/serializer.js';
import { path } from './serviceclient.js';
import { Submitter } from './submitter.js';
import type {
  IBatchReceipt,
  IBatchRunReceipt,
  ITaskGroup,
  ITaskResult
} from './types.js';

/** Most tasks asked for in one request. */
const STATUS_CHUNK = 500;

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
export class Client extends FunctionsClient {
  /**
   * @param options - The service, or the transport to it.
   */
  constructor(options: ClientOptions) {
    super(options);
    this._decoder = new ResultDecoder(options.serializer);
    this._serializer = options.serializer;
    this._submitter = new Submitter(this.transport);
  }

  /** Tells when tasks finish: one polling loop for all of the client's. */
  get results(): IResultSource {
    return (this._poller ??= new ResultPoller(this));
  }

  /**
   * Submit one call.
   *
   * @returns UUID of the task.
   * @throws SubmitOutcomeUnknown when no usable answer came.
   * @throws PayloadTooLarge when the arguments are too large; not sent.
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
   * Submit a batch to one endpoint: `POST /v3/endpoints/{id}/submit`, once,
   * or several times where it is larger than 10 MB.
   *
   * @throws SubmitOutcomeUnknown when no usable answer came, so that the
   * tasks may be running.
   * @throws PayloadTooLarge when a call alone is too large; nothing was sent.
   * @throws BatchPartlySubmitted when one of several submissions failed.
   */
  batchRun(
    endpointId: string,
    batch: Batch,
    signal?: AbortSignal
  ): Promise<IBatchReceipt>;

  /**
   * Submit a batch whose calls name their endpoints, with one submission for
   * each of them.
   *
   * @throws As for one endpoint; BatchPartlySubmitted also when one of the
   * endpoints refused.
   */
  batchRun(batch: Batch, signal?: AbortSignal): Promise<IBatchRunReceipt>;

  async batchRun(
    target: string | Batch,
    second?: Batch | AbortSignal,
    signal?: AbortSignal
  ): Promise<IBatchReceipt | IBatchRunReceipt> {
    if (target instanceof Batch) {
      return this._submitter.submit(target, undefined, second as AbortSignal);
    }
    const batch = second as Batch;
    if (batch.calls.some(call => (call.endpointId ?? target) !== target)) {
      throw new ComputeError(
        'Some calls of the batch are for another endpoint. Run the batch ' +
          'without naming one.',
        { code: 'OTHER_ENDPOINT' }
      );
    }
    return merged(await this._submitter.submit(batch, target, signal));
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
    const decode = await this._decoder.load();
    const answer = await this.get(path`/v2/tasks/${taskId}`, signal);
    return this._keep(taskId, answer, decode);
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
   * Many tasks without waiting: `POST /v2/batch_status`. Failed tasks are
   * included, tasks the service does not know are left out.
   *
   * @param taskIds - The tasks, asked for 500 at a time.
   * @returns What is known of each task, by its id.
   */
  async getBatchResult(
    taskIds: readonly string[],
    signal?: AbortSignal
  ): Promise<Map<string, ITaskResult>> {
    const found = this._results.pick(taskIds);
    const missing = [...new Set(taskIds.filter(id => !found.has(id)))];
    for (let i = 0; i < missing.length; i += STATUS_CHUNK) {
      const chunk = missing.slice(i, i + STATUS_CHUNK);
      for (const [taskId, task] of await this._ask(chunk, signal)) {
        found.set(taskId, task);
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
      await this.get(path`/v2/taskgroup/${taskGroupId}`, signal)
    );
  }

  /**
   * Submit a task that reports on the hardware of an endpoint's workers. Its
   * result is a text; the workers need `globus-compute-sdk`.
   *
   * @returns UUID of the task.
   */
  async getWorkerHardwareDetails(
    endpointId: string,
    signal?: AbortSignal
  ): Promise<string> {
    const options = { ...HARDWARE_REPORT, signal };
    const functionId = await this.registerFunction(options);
    return this.run({ functionId, endpointId, signal });
  }

  /**
   * Forget all tokens, results, and what was looked up.
   */
  override async logout(): Promise<void> {
    this._results.clear();
    await super.logout();
  }

  /** Ask for some tasks in one request. */
  private async _ask(
    taskIds: readonly string[],
    signal?: AbortSignal
  ): Promise<[string, ITaskResult][]> {
    const decode = await this._decoder.load();
    const body = { task_ids: taskIds };
    const answer = await this.send('POST', '/v2/batch_status', body, signal);
    const entries = recordOrEmpty(answerRecord(answer, 'the tasks').results);
    return taskIds
      .filter(taskId => Object.hasOwn(entries, taskId))
      .map(taskId => [taskId, this._keep(taskId, entries[taskId], decode)]);
  }

  private _keep(taskId: string, answer: unknown, decode: Decode): ITaskResult {
    const task = readTask(taskId, answer, decode);
    if (!task.pending) {
      this._results.set(task);
    }
    return task;
  }

  private readonly _decoder: ResultDecoder;
  private _poller: ResultPoller | undefined;
  private readonly _results = new TaskResultCache();
  private readonly _serializer?: ComputeSerializer;
  private readonly _submitter: Submitter;
}

/** One receipt for all submissions to one endpoint. */
function merged(receipt: IBatchRunReceipt): IBatchReceipt {
  const [first, ...others] = receipt.submissions;
  const tasks = { ...first.tasks };
  for (const { tasks: more } of others) {
    for (const [functionId, taskIds] of Object.entries(more)) {
      tasks[functionId] = [...(tasks[functionId] ?? []), ...taskIds];
    }
  }
  return { ...first, taskIds: receipt.taskIds, tasks };
}
