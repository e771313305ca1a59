/**
 * One request of a batch: what is sent, what comes back, and what a failure
 * means for its tasks.
 */

import { answerRecord, invalidAnswer, requiredText } from './answers.js';
import {
  ApiError,
  ComputeError,
  NetworkError,
  RequestAborted,
  SubmitOutcomeUnknown
} from './errors.js';
import { textOf } from './json.js';
import type { IBatchOptions } from './options.js';
import { PayloadTooLarge } from './taskerrors.js';
import type { IBatchReceipt } from './types.js';

/** What the service takes in one submission, in bytes: 10 MiB. */
const MAX_SUBMISSION_BYTES = 10 * 1024 * 1024;

/**
 * What is put together in one submission, in bytes. Below the limit, because
 * JSON needs room of its own, such as two bytes for each line end.
 */
const TARGET_SUBMISSION_BYTES = 10_000_000;

/** Statuses a gateway gives when the service behind it may have acted. */
const GATEWAY_STATUSES: ReadonlySet<number> = new Set([500, 502, 504]);

/** A call with its arguments serialized. */
export interface ISerializedCall {
  functionId: string;
  payload: string;
  endpointId?: string;
}

/** The calls of one submission and their places in the batch. */
export interface ISubmission {
  endpointId: string;
  calls: ISerializedCall[];
  positions: number[];
}

/**
 * Divide calls by endpoint, and where they are too large for one request.
 * Calls keep their order within each submission.
 *
 * @param calls - The calls of a batch.
 * @param endpointId - Endpoint of the calls that name none.
 * @throws ComputeError, code `NO_ENDPOINT`, when a call has no endpoint.
 * @throws PayloadTooLarge when one call alone is too large.
 */
export function divide(
  calls: readonly ISerializedCall[],
  endpointId?: string
): ISubmission[] {
  const submissions: ISubmission[] = [];
  const open = new Map<string, { submission: ISubmission; bytes: number }>();
  calls.forEach((call, position) => {
    const target = call.endpointId ?? endpointId;
    if (!target) {
      throw new ComputeError(
        `Call ${position + 1} of the batch names no endpoint. Give one when ` +
          'adding the call, or when running the batch.',
        { code: 'NO_ENDPOINT' }
      );
    }
    const bytes = requireSize(call.payload, position);
    let current = open.get(target);
    if (!current || current.bytes + bytes > TARGET_SUBMISSION_BYTES) {
      const submission = { endpointId: target, calls: [], positions: [] };
      current = { submission, bytes: 0 };
      open.set(target, current);
      submissions.push(submission);
    }
    current.bytes += bytes;
    current.submission.calls.push(call);
    current.submission.positions.push(position);
  });
  return submissions;
}

/**
 * The size of a call's serialized arguments, in bytes.
 *
 * @param payload - The serialized arguments.
 * @param position - Which call of the batch it is, from 0.
 * @throws PayloadTooLarge when the service does not take as much.
 */
export function requireSize(payload: string, position = 0): number {
  const bytes = utf8Length(payload);
  if (bytes > MAX_SUBMISSION_BYTES) {
    throw new PayloadTooLarge(position, bytes, MAX_SUBMISSION_BYTES);
  }
  return bytes;
}

/**
 * The body of `POST /v3/endpoints/{id}/submit`.
 *
 * @param calls - The calls.
 * @param options - The settings of their batch.
 * @param taskGroupId - The group to add the tasks to, if any.
 */
export function submissionBody(
  calls: readonly ISerializedCall[],
  options: IBatchOptions,
  taskGroupId?: string
): Record<string, unknown> {
  // Without a prototype, so that no function id can name an inherited key.
  const tasks = Object.create(null) as Record<string, string[]>;
  for (const { functionId, payload } of calls) {
    (tasks[functionId] ??= []).push(payload);
  }
  const body: Record<string, unknown> = {
    create_queue: options.createQueue ?? false,
    tasks
  };
  const optional = {
    task_group_id: taskGroupId,
    resource_specification: options.resourceSpecification,
    user_endpoint_config: options.userEndpointConfig,
    user_runtime: options.userRuntime,
    result_serializers: options.resultSerializers
  };
  for (const [key, value] of Object.entries(optional)) {
    if (value !== undefined) {
      body[key] = value;
    }
  }
  return body;
}

/**
 * Read the service's answer to a submission.
 *
 * @param calls - The calls, in the order of the task ids to give.
 * @param endpointId - The endpoint they were sent to.
 * @param answer - The parsed answer.
 * @throws ApiError, code `INVALID_RESPONSE`, when it names no task group or
 * not one task for each call.
 */
export function readReceipt(
  calls: readonly ISerializedCall[],
  endpointId: string,
  answer: unknown
): IBatchReceipt {
  const record = answerRecord(answer, 'the submission');
  const tasks = readTaskTable(record.tasks);
  const positions = new Map<string, number>();
  const taskIds = calls.map(({ functionId }) => {
    const position = positions.get(functionId) ?? 0;
    positions.set(functionId, position + 1);
    const ids = tasks.get(functionId) ?? tasks.get(functionId.toLowerCase());
    const taskId = ids?.[position];
    if (taskId === undefined) {
      throw invalidAnswer('it did not name a task for each call');
    }
    return taskId;
  });
  const warning = textOf(record.ha_warning);
  return {
    requestId: textOf(record.request_id) ?? '',
    taskGroupId: requiredText(record, 'task_group_id'),
    endpointId: textOf(record.endpoint_id) ?? endpointId,
    taskIds,
    tasks: Object.fromEntries(tasks),
    ...(warning === undefined ? {} : { warning })
  };
}

/**
 * The error to report for a failed submission: the error itself when the
 * tasks were certainly not taken, else a SubmitOutcomeUnknown.
 *
 * @param error - What the transport or the reading of its answer threw.
 * @param taskGroupId - The group the tasks would be in, where known.
 */
export function submitFailure(error: unknown, taskGroupId?: string): unknown {
  return error instanceof ComputeError && mayHaveSubmitted(error)
    ? new SubmitOutcomeUnknown(error.reason, taskGroupId)
    : error;
}

function mayHaveSubmitted(error: ComputeError): boolean {
  if (error instanceof NetworkError || error instanceof RequestAborted) {
    return !error.neverSent;
  }
  return (
    error instanceof ApiError &&
    (error.code === 'INVALID_RESPONSE' ||
      GATEWAY_STATUSES.has(error.httpStatus ?? 0))
  );
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

/** Bytes of a text in UTF-8. */
function utf8Length(text: string): number {
  // What serializers write is ASCII as a rule, and then needs no counting.
  return /^[\0-\x7f]*$/.test(text)
    ? text.length
    : new TextEncoder().encode(text).length;
}
