/**
 * Calls that are submitted together.
 */

import { SerializationError } from './errors.js';
import { isRecord } from './json.js';
import type { IBatchCall, IBatchOptions } from './options.js';
import { PyTuple } from './pickle/values.js';
import { packBuffers } from './serialize/buffers.js';
import { writeForm } from './serialize/forms.js';
import type { ComputeSerializer } from './serialize/serializer.js';
import { type ISerializedCall, submissionBody } from './submission.js';

/**
 * Collects calls of registered functions for one submission.
 *
 * Made by `Client.createBatch`, sent by `Client.batchRun`.
 *
 * @example
 * ```ts
 * const batch = client.createBatch();
 * for (let x = 0; x < 5; x++) {
 *   batch.add({ endpointId, functionId, args: [x] });
 * }
 * const { taskIds } = await client.batchRun(batch);
 * ```
 */
export class Batch {
  /**
   * @param options - Settings that hold for all calls.
   * @param serializer - Writes the arguments; with strategy `00` unless given.
   */
  constructor(options: IBatchOptions = {}, serializer?: ComputeSerializer) {
    this.taskGroupId = options.taskGroupId;
    this.options = options;
    this._serializer = serializer;
  }

  /** The task group asked for, if any. */
  readonly taskGroupId?: string;

  /** Settings that hold for all calls. */
  readonly options: Readonly<IBatchOptions>;

  /** Number of calls added. */
  get length(): number {
    return this._calls.length;
  }

  /** The calls in the order added, with their arguments serialized. */
  get calls(): readonly ISerializedCall[] {
    return this._calls;
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
    args?: readonly unknown[],
    kwargs?: Record<string, unknown>
  ): void;

  /**
   * Add a call that names its endpoint.
   *
   * @param call - Endpoint, function and arguments.
   * @throws SerializationError when an argument is no plain value.
   */
  add(call: IBatchCall): void;

  add(
    call: string | IBatchCall,
    args?: readonly unknown[],
    kwargs?: Record<string, unknown>
  ): void {
    const { functionId, endpointId, ...given } =
      typeof call === 'string' ? { functionId: call, args, kwargs } : call;
    const payload = this.serialize(given.args, given.kwargs);
    this.addSerialized(functionId, payload, endpointId);
  }

  /**
   * Add a call whose arguments were serialized elsewhere, e.g. in a kernel.
   *
   * @param functionId - UUID of the function.
   * @param payload - Packed buffers of args and kwargs.
   * @param endpointId - Endpoint of this call; that of the batch unless given.
   */
  addSerialized(
    functionId: string,
    payload: string,
    endpointId?: string
  ): void {
    this._calls.push({ functionId, payload, endpointId });
  }

  /**
   * Write the arguments of a call without adding it.
   *
   * @param args - Positional arguments; written as a Python tuple.
   * @param kwargs - Keyword arguments.
   * @returns Packed buffers of args and kwargs.
   * @throws SerializationError when an argument is no plain value.
   */
  serialize(
    args: readonly unknown[] = [],
    kwargs: Record<string, unknown> = {}
  ): string {
    if (!Array.isArray(args)) {
      throw new SerializationError('"args" must be an array of arguments.');
    }
    if (!isRecord(kwargs)) {
      throw new SerializationError(
        '"kwargs" must be an object from parameter names to values.'
      );
    }
    const values = [PyTuple.from(args), kwargs];
    return packBuffers(
      values.map(
        value => this._serializer?.serialize(value) ?? writeForm(value, '00')
      )
    );
  }

  /**
   * The body of `POST /v3/endpoints/{id}/submit` with all calls, as long as
   * they are for one endpoint and not too large.
   */
  toRequest(): Record<string, unknown> {
    return submissionBody(this._calls, this.options, this.taskGroupId);
  }

  private readonly _calls: ISerializedCall[] = [];
  private readonly _serializer?: ComputeSerializer;
}
