/**
 * Reads the answers of the Compute REST API into the shapes of `types.ts`.
 * Fields a service leaves out stay out; a field of the wrong kind is an error.
 */

import type { IAllowedFunctions } from './endpoints.js';
import { ApiError, TaskExecutionFailed } from './errors.js';
import { isRecord, recordOrEmpty, textOf } from './json.js';
import type {
  IEndpoint,
  IEndpointMetadata,
  IEndpointStatus,
  IFunctionRecord,
  IServiceVersion,
  ITaskDetails,
  ITaskGroup,
  ITaskResult
} from './types.js';

/** Timestamps above this are nanoseconds: as seconds, the year 5138. */
const LARGEST_SECONDS = 1e11;

/**
 * The answer as an object.
 *
 * @throws ApiError, code `INVALID_RESPONSE`, when it is anything else.
 */
export function answerRecord(
  answer: unknown,
  what: string
): Record<string, unknown> {
  if (!isRecord(answer)) {
    throw invalidAnswer(`the answer for ${what} is not an object`);
  }
  return answer;
}

/**
 * A text the answer must have.
 *
 * @throws ApiError, code `INVALID_RESPONSE`, when it is missing.
 */
export function requiredText(
  record: Record<string, unknown>,
  key: string
): string {
  const text = textOf(record[key]);
  if (text === undefined) {
    throw invalidAnswer(`"${key}" is missing`);
  }
  return text;
}

/**
 * The error for an answer that is JSON but not of the Compute REST API.
 */
export function invalidAnswer(detail: string): ApiError {
  return new ApiError(
    `The service gave an answer the SDK does not understand: ${detail}. ` +
      'Check that the address is that of a Globus Compute service.',
    { code: 'INVALID_RESPONSE' }
  );
}

/**
 * Read one task of `GET /v2/tasks/{id}` or `POST /v2/batch_status`.
 *
 * @param taskId - The task asked for.
 * @param answer - Its entry.
 * @param decode - Turns a serialized result into a value; must not throw.
 * @throws ApiError when the entry is of another task.
 */
export function readTask(
  taskId: string,
  answer: unknown,
  decode: (serialized: string) => unknown
): ITaskResult {
  const record = answerRecord(answer, `task ${taskId}`);
  const answered = textOf(record.task_id);
  if (answered !== undefined && answered !== taskId) {
    throw invalidAnswer(`asked for task ${taskId} it gave task ${answered}`);
  }
  const status = (textOf(record.status) ?? 'unknown').toLowerCase();
  const pending = status !== 'success' && status !== 'failed';
  const task: ITaskResult = { taskId, pending, status };
  if (isRecord(record.details)) {
    task.details = readDetails(record.details);
  }
  return pending ? task : { ...task, ...readOutcome(taskId, record, decode) };
}

function readOutcome(
  taskId: string,
  record: Record<string, unknown>,
  decode: (serialized: string) => unknown
): Partial<ITaskResult> {
  const time = record.completion_t;
  const hasTime = typeof time === 'string' || typeof time === 'number';
  const outcome: Partial<ITaskResult> = hasTime
    ? { completionT: String(time) }
    : {};
  if (typeof record.result === 'string') {
    return {
      ...outcome,
      serialized: record.result,
      result: decode(record.result)
    };
  }
  const exception = textOf(record.exception);
  const reason = textOf(record.reason);
  const failed = String(record.status).toLowerCase() === 'failed';
  if (exception !== undefined || failed) {
    const text = exception ?? reason ?? '';
    outcome.exception = new TaskExecutionFailed(taskId, text);
  }
  return exception === undefined
    ? { ...outcome, reason: reason ?? 'unknown' }
    : outcome;
}

function readDetails(details: Record<string, unknown>): ITaskDetails {
  const transitions: Record<string, number> = {};
  for (const [state, time] of Object.entries(
    recordOrEmpty(details.task_transitions)
  )) {
    if (typeof time === 'number') {
      transitions[state] = time > LARGEST_SECONDS ? time / 1e9 : time;
    }
  }
  return withoutUndefined({
    os: textOf(details.os),
    pythonVersion: textOf(details.python_version),
    dillVersion: textOf(details.dill_version),
    sdkVersion: textOf(details.globus_compute_sdk_version),
    endpointId: textOf(details.endpoint_id),
    transitions: Object.keys(transitions).length > 0 ? transitions : undefined
  });
}

/**
 * Read `GET /v2/taskgroup/{id}`.
 */
export function readTaskGroup(answer: unknown): ITaskGroup {
  const record = answerRecord(answer, 'the task group');
  const tasks = Array.isArray(record.tasks) ? record.tasks : [];
  return {
    taskGroupId: requiredText(record, 'taskgroup_id'),
    taskIds: tasks.map(task =>
      requiredText(answerRecord(task, 'a task of the group'), 'id')
    )
  };
}

/**
 * Read one row of `GET /v2/endpoints`.
 */
export function readEndpoint(answer: unknown): IEndpoint {
  const record = answerRecord(answer, 'an endpoint');
  const name = textOf(record.name) ?? '';
  return withoutUndefined({
    id: requiredText(record, 'uuid'),
    name,
    displayName: textOf(record.display_name) ?? name,
    owner: textOf(record.owner)
  });
}

/**
 * Read `GET /v2/endpoints/{id}`.
 */
export function readEndpointMetadata(answer: unknown): IEndpointMetadata {
  const record = answerRecord(answer, 'the endpoint');
  // The hosted service gives the facts beside the name, others below it.
  const metadata = { ...record, ...recordOrEmpty(record.metadata) };
  const schema = metadata.user_config_schema;
  return withoutUndefined({
    ...readEndpoint(record),
    description: textOf(metadata.description),
    multiUser: record.multi_user === true,
    public: record.public === true,
    pythonVersion: textOf(metadata.python_version),
    endpointVersion: textOf(metadata.endpoint_version),
    userConfigSchema: isRecord(schema) ? schema : undefined,
    raw: record
  });
}

/**
 * Read `GET /v2/endpoints/{id}/status`.
 */
export function readEndpointStatus(answer: unknown): IEndpointStatus {
  const record = answerRecord(answer, "the endpoint's status");
  return {
    status: (textOf(record.status) ?? 'unknown').toLowerCase(),
    details: recordOrEmpty(record.details)
  };
}

/**
 * Read `GET /v3/endpoints/{id}/allowed_functions`.
 */
export function readAllowedFunctions(
  endpointId: string,
  answer: unknown
): IAllowedFunctions {
  const record = answerRecord(answer, 'the allowed functions');
  const functions = Array.isArray(record.functions) ? record.functions : [];
  return {
    endpointId: textOf(record.endpoint_id) ?? endpointId,
    restricted: record.restricted === true,
    functions: functions.filter(id => typeof id === 'string')
  };
}

/**
 * Read `GET /v2/functions/{id}`.
 */
export function readFunction(answer: unknown): IFunctionRecord {
  const record = answerRecord(answer, 'the function');
  return withoutUndefined({
    id: requiredText(record, 'function_uuid'),
    name: textOf(record.function_name) ?? '',
    code: textOf(record.function_code) ?? '',
    description: textOf(record.description),
    metadata: recordOrEmpty(record.metadata ?? record.meta)
  });
}

/**
 * Read `GET /v2/version?service=all`.
 */
export function readVersion(answer: unknown): IServiceVersion {
  const record = answerRecord(answer, 'the version');
  return withoutUndefined({
    api: textOf(record.api) ?? 'unknown',
    minSdkVersion: textOf(record.min_sdk_version),
    minEndpointVersion: textOf(record.min_ep_version)
  });
}

function withoutUndefined<T extends object>(record: T): T {
  const entries = Object.entries(record).filter(([, v]) => v !== undefined);
  return Object.fromEntries(entries) as T;
}
