/**
 * Reads a batch snapshot out of a notebook output. The file may come from
 * anybody, so every field that is shown is checked.
 */

import type {
  BatchState,
  IBatchCounts,
  IBatchSnapshot,
  IEndpointRef,
  IFailureFrame,
  ITaskFailure,
  ITaskSnapshot
} from '../tokens';

type Check = (value: unknown) => boolean;

const BATCH_STATES: readonly BatchState[] = [
  'sending',
  'waiting',
  'running',
  'done',
  'failed',
  'problem'
];

const TASK_STATES: readonly ITaskSnapshot['state'][] = [
  'received',
  'waiting-for-ep',
  'waiting-for-nodes',
  'waiting-for-launch',
  'running',
  'success',
  'failed'
];

/**
 * A snapshot with every field checked, or `undefined` if the data is not one.
 *
 * @param data - What the output holds under the batch MIME type.
 */
export function readSnapshot(data: unknown): IBatchSnapshot | undefined {
  return isSnapshot(data) ? data : undefined;
}

/**
 * Whether the data was saved by a later version of this extension, whose
 * layout this one cannot know.
 *
 * @param data - What the output holds under the batch MIME type.
 */
export function isFromLaterVersion(data: unknown): boolean {
  const version = isRecord(data) ? data.version : undefined;
  return typeof version === 'number' && version > 1;
}

function isSnapshot(data: unknown): data is IBatchSnapshot {
  return hasFields<IBatchSnapshot>(data, {
    version: value => value === 1,
    id: isString,
    title: isString,
    state: oneOf(BATCH_STATES),
    service: isString,
    endpoint: isEndpoint,
    taskGroupId: optional(isString),
    functionIds: listOf(isString),
    created: isNumber,
    ended: optional(isNumber),
    counts: areCounts,
    tasks: listOf(isTask),
    identity: optional(isString),
    pythonVersion: optional(isString),
    sdkVersion: optional(isString),
    note: optional(isString),
    sourceHash: optional(isString),
    landed: optional(isNumber)
  });
}

function isEndpoint(value: unknown): boolean {
  return hasFields<IEndpointRef>(value, { id: isString, name: isString });
}

function areCounts(value: unknown): boolean {
  return hasFields<IBatchCounts>(value, {
    total: isNumber,
    waiting: isNumber,
    running: isNumber,
    done: isNumber,
    failed: isNumber
  });
}

function isTask(value: unknown): boolean {
  return hasFields<ITaskSnapshot>(value, {
    index: isNumber,
    id: optional(isString),
    label: isString,
    state: oneOf(TASK_STATES),
    line: optional(isNumber),
    submitted: optional(isNumber),
    started: optional(isNumber),
    ended: optional(isNumber),
    failure: optional(isFailure),
    attempts: optional(isNumber)
  });
}

function isFailure(value: unknown): boolean {
  return hasFields<ITaskFailure>(value, {
    type: isString,
    message: isString,
    frame: optional(isFrame),
    traceback: isString
  });
}

function isFrame(value: unknown): boolean {
  return hasFields<IFailureFrame>(value, {
    line: isNumber,
    name: isString,
    source: isString
  });
}

/** The checks name every field of the type, so none is forgotten. */
function hasFields<T>(
  value: unknown,
  checks: { readonly [Field in keyof Required<T>]: Check }
): boolean {
  return (
    isRecord(value) &&
    Object.entries<Check>(checks).every(([field, check]) => check(value[field]))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}

function isNumber(value: unknown): boolean {
  return Number.isFinite(value);
}

function optional(check: Check): Check {
  return value => value === undefined || check(value);
}

function listOf(check: Check): Check {
  return value => Array.isArray(value) && value.every(check);
}

function oneOf(values: readonly string[]): Check {
  return value => typeof value === 'string' && values.includes(value);
}
