/**
 * The error classes of the SDK. Every error the SDK rejects with is a
 * {@link ComputeError}; messages never hold headers, tokens or payloads.
 */

import { parseTraceback } from './traceback.js';

/**
 * What an error may carry besides its reason.
 */
export interface IComputeErrorOptions {
  /** Machine readable code, e.g. the API's `FUNCTION_NOT_FOUND`. */
  code?: string;

  /** HTTP status of the answer, when there was one. */
  httpStatus?: number;
}

/**
 * Root of all errors of the SDK.
 */
export class ComputeError extends Error {
  /**
   * @param reason - What happened and what to do next, for a person.
   * @param options - The code and the HTTP status, where known.
   */
  constructor(reason: string, options: IComputeErrorOptions = {}) {
    super(reason);
    this.reason = reason;
    this.code = options.code;
    this.httpStatus = options.httpStatus;
  }

  /** What happened, for a person. */
  readonly reason: string;

  /** Machine readable code, where one is known. */
  readonly code?: string;

  /** HTTP status of the answer, when there was one. */
  readonly httpStatus?: number;

  /** Name of the class; minifiers leave it as it is. */
  override name = 'ComputeError';
}

/**
 * The service answered with an error: an object of `status`, `code`, `reason`
 * and `http_status_code` in the Compute REST API.
 */
export class ApiError extends ComputeError {
  /**
   * @param reason - What happened and what to do next.
   * @param options - Code and status; `retryAfterMs` is how long to wait
   * before asking again, from the Retry-After header.
   */
  constructor(
    reason: string,
    options: IComputeErrorOptions & { retryAfterMs?: number } = {}
  ) {
    super(reason, options);
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Milliseconds to wait before the next request, when the service said so. */
  readonly retryAfterMs?: number;

  /** Name of the class; minifiers leave it as it is. */
  override name = 'ApiError';
}

/**
 * The service does not know who asks (401) or does not allow it (403).
 */
export class AuthenticationError extends ApiError {
  /**
   * @param reason - What happened and what to do next.
   * @param options - Code and status; `authorizationParameters` is the object
   * of that name in a Globus Auth Requirements Error: what a new sign-in must
   * satisfy.
   */
  constructor(
    reason: string,
    options: IComputeErrorOptions & {
      authorizationParameters?: Record<string, unknown>;
    } = {}
  ) {
    super(reason, options);
    this.authorizationParameters = options.authorizationParameters;
  }

  /** What a new sign-in must satisfy, when the service said so. */
  readonly authorizationParameters?: Record<string, unknown>;

  /** Name of the class; minifiers leave it as it is. */
  override name = 'AuthenticationError';
}

/**
 * The function, endpoint, task or group does not exist, or is not ours (404).
 */
export class NotFoundError extends ApiError {
  /** Name of the class; minifiers leave it as it is. */
  override name = 'NotFoundError';
}

/**
 * Too many requests (429). Globus Compute allows 20 requests in 10 seconds.
 */
export class RateLimitError extends ApiError {
  /**
   * @param reason - What happened and what to do next.
   * @param retryAfterMs - How long to wait, from the Retry-After header.
   * @param options - Code and status.
   */
  constructor(
    reason: string,
    retryAfterMs?: number,
    options: IComputeErrorOptions = {}
  ) {
    super(reason, { ...options, retryAfterMs });
  }

  /** Name of the class; minifiers leave it as it is. */
  override name = 'RateLimitError';
}

/**
 * No answer came: the service could not be reached, or did not answer in time.
 */
export class NetworkError extends ComputeError {
  /**
   * @param reason - What happened and what to do next.
   * @param options - `code` is `TIMEOUT` or `UNREACHABLE`; `neverSent` is true
   * when it is certain that the request did not reach the service.
   */
  constructor(
    reason: string,
    options: IComputeErrorOptions & { neverSent?: boolean } = {}
  ) {
    super(reason, options);
    this.neverSent = options.neverSent ?? false;
  }

  /** True when the request certainly did not reach the service. */
  readonly neverSent: boolean;

  /** Name of the class; minifiers leave it as it is. */
  override name = 'NetworkError';
}

/**
 * The caller's AbortSignal fired. Its name is `AbortError`, as for `fetch`.
 */
export class RequestAborted extends ComputeError {
  /**
   * @param reason - What was cancelled.
   * @param options - `neverSent` is true when it is certain that the service
   * did not act on the request.
   */
  constructor(
    reason = 'The request was cancelled before it was answered.',
    options: { neverSent?: boolean } = {}
  ) {
    super(reason, { code: 'ABORTED' });
    this.neverSent = options.neverSent ?? false;
  }

  /** True when the service certainly did not act on the request. */
  readonly neverSent: boolean;

  /** Name of the class; minifiers leave it as it is. */
  override name = 'AbortError';
}

/**
 * A submission was sent but no usable answer came, so its tasks may or may
 * not be running. Submitting again could run them twice.
 */
export class SubmitOutcomeUnknown extends ComputeError {
  /**
   * @param reason - Why the outcome is unknown.
   * @param taskGroupId - The group to look the tasks up in, where known.
   */
  constructor(reason: string, taskGroupId?: string) {
    const next = taskGroupId
      ? `Look for the tasks in the task group ${taskGroupId}`
      : 'Check whether the tasks are running';
    super(
      `The tasks may or may not have been submitted: ${reason} ` +
        `${next} before submitting again.`,
      { code: 'SUBMIT_OUTCOME_UNKNOWN' }
    );
    this.taskGroupId = taskGroupId;
  }

  /** The task group the tasks would be in, where known. */
  readonly taskGroupId?: string;

  /** Name of the class; minifiers leave it as it is. */
  override name = 'SubmitOutcomeUnknown';
}

/**
 * The task has no result yet.
 */
export class TaskPending extends ComputeError {
  /**
   * @param taskId - The task asked for.
   * @param status - Its state, e.g. `waiting-for-ep`.
   */
  constructor(taskId: string, status: string) {
    super(
      `Task ${taskId} is not finished (its state is "${status}"). ` +
        'Ask again later.',
      { code: 'TASK_PENDING' }
    );
    this.taskId = taskId;
    this.status = status;
  }

  /** The task asked for. */
  readonly taskId: string;

  /** Its state, e.g. `waiting-for-ep`. */
  readonly status: string;

  /** Name of the class; minifiers leave it as it is. */
  override name = 'TaskPending';
}

/**
 * The task failed on the endpoint.
 */
export class TaskExecutionFailed extends ComputeError {
  /**
   * @param taskId - The failed task.
   * @param remoteText - The exception as the service gives it: as a rule a
   * Python traceback.
   */
  constructor(taskId: string, remoteText: string) {
    const { errorType, errorMessage } = parseTraceback(remoteText);
    const summary = [errorType, errorMessage].filter(Boolean).join(': ');
    super(summary || 'The task failed without saying why.', {
      code: 'TASK_EXECUTION_FAILED'
    });
    this.taskId = taskId;
    this.remoteText = remoteText;
    this.errorType = errorType;
    this.errorMessage = errorMessage;
  }

  /** The failed task. */
  readonly taskId: string;

  /** The exception as the service gives it, as a rule a Python traceback. */
  readonly remoteText: string;

  /** Name of the Python exception class, from the traceback's last line. */
  readonly errorType?: string;

  /** Message of the Python exception, from the traceback's last line. */
  readonly errorMessage: string;

  /** Name of the class; minifiers leave it as it is. */
  override name = 'TaskExecutionFailed';
}

/**
 * A value cannot be written in the wire format.
 */
export class SerializationError extends ComputeError {
  /** Name of the class; minifiers leave it as it is. */
  override name = 'SerializationError';
}

/**
 * A text or bytes are not in the wire format they claim to be in.
 */
export class DeserializationError extends ComputeError {
  /** Name of the class; minifiers leave it as it is. */
  override name = 'DeserializationError';
}
