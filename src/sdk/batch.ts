/**
 * Calls that are submitted together.
 */

import { invalidAnswer, answerRecord, requiredText } from './answers.js';
import { SerializationError } from './errors.js';
import { isRecord, textOf } from './json.js';
import type { IBatchOptions } from './options.js';
import { PyTuple } from './pickle/values.js';
import { ComputeSerializer } from './serialize/serializer.js';
import type { IBatchReceipt } from './types.js';

/**
 * Collects calls of registered functions for one submission.
 *
 * Made by `Client.createBatch`, sent by `Client.batchRun`.
 */
export class Batch {
  /**
   * @param options - Settings that hold for all calls.
   * @param serializer - Writes the arguments.
   */
  constructor(
    options: IBatchOptions = {},
    serializer: ComputeSerializer = new ComputeSerializer()
  ) {
    this.taskGroupId = options.taskGroupId;
    this._options = options;
    this._serializer = serializer;
  }

  /** The task group asked for, if any. */
  readonly taskGroupId?: string;

  /** Number of calls added. */
  get length(): number {
    return this._calls.length;
  }

  /**
   * Add a call.
   *
   * @param functionId - UUID of the function.
   * @param args - Positional arguments; written as a Python tuple.
   * @param kwargs - Keyword arguments.
   * @throws SerializationError when an argument is no plain value.
   */
  add(
    functionId: string,
    args: readonly unknown[] = [],
    kwargs: Record<string, unknown> = {}
  ): void {
    if (!Array.isArray(args)) {
      throw new SerializationError('"args" must be an array of arguments.');
    }
    if (!isRecord(kwargs)) {
      throw new SerializationError(
        '"kwargs" must be an object from parameter names to values.'
      );
    }
    const payload = this._serializer.packBuffers([
      this._serializer.serialize(PyTuple.from(args)),
      this._serializer.serialize(kwargs)
    ]);
    this.addSerialized(functionId, payload);
  }

  /**
   * Add a call whose arguments were serialized elsewhere, e.g. in a kernel.
   *
   * @param functionId - UUID of the function.
   * @param payload - Packed buffers of args and kwargs.
   */
  addSerialized(functionId: string, payload: string): void {
    this._calls.push({ functionId, payload });
  }

  /**
   * The body of `POST /v3/endpoints/{id}/submit`.
   */
  toRequest(): Record<string, unknown> {
    // Without a prototype, so that no function id can name an inherited key.
    const tasks: Record<string, string[]> = Object.create(null) as Record<
      string,
      string[]
    >;
    for (const { functionId, payload } of this._calls) {
      (tasks[functionId] ??= []).push(payload);
    }
    const request: Record<string, unknown> = {
      create_queue: this._options.createQueue ?? false,
      tasks
    };
    const optional = {
      task_group_id: this._options.taskGroupId,
      resource_specification: this._options.resourceSpecification,
      user_endpoint_config: this._options.userEndpointConfig,
      user_runtime: this._options.userRuntime,
      result_serializers: this._options.resultSerializers
    };
    for (const [key, value] of Object.entries(optional)) {
      if (value !== undefined) {
        request[key] = value;
      }
    }
    return request;
  }

  /**
   * Read the service's answer to the submission of this batch.
   *
   * @param endpointId - The endpoint it was sent to.
   * @param answer - The parsed answer.
   * @throws ApiError, code `INVALID_RESPONSE`, when it names no task group
   * or not one task for each call.
   */
  readReceipt(endpointId: string, answer: unknown): IBatchReceipt {
    const record = answerRecord(answer, 'the submission');
    const tasks = readTaskTable(record.tasks);
    const positions = new Map<string, number>();
    const taskIds = this._calls.map(({ functionId }) => {
      const position = positions.get(functionId) ?? 0;
      positions.set(functionId, position + 1);
      const ids = tasks.get(functionId) ?? tasks.get(functionId.toLowerCase());
      const taskId = ids?.[position];
      if (taskId === undefined) {
        throw invalidAnswer('it did not name a task for each call');
      }
      return taskId;
    });
    return {
      requestId: textOf(record.request_id) ?? '',
      taskGroupId: requiredText(record, 'task_group_id'),
      endpointId: textOf(record.endpoint_id) ?? endpointId,
      taskIds,
      tasks: Object.fromEntries(tasks)
    };
  }

  private readonly _calls: { functionId: string; payload: string }[] = [];
  private readonly _options: IBatchOptions;
  private readonly _serializer: ComputeSerializer;
}

function readTaskTable(answer: unknown): Map<string, string[]> {
  const record = answerRecord(answer, 'the tasks of the submission');
  return new Map(
    Object.entries(record).map(([functionId, ids]) => {
      if (!Array.isArray(ids) || !ids.every(id => typeof id === 'string')) {
        throw invalidAnswer(`the tasks of function ${functionId} are no list`);
      }
      return [functionId, ids];
    })
  );
}
