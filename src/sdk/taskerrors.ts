/**
 * Errors of submissions and of waiting.
 */

import { ComputeError } from './errors.js';

/**
 * One call is larger than the service takes; nothing was sent.
 */
export class PayloadTooLarge extends ComputeError {
  /**
   * @param position - Which call of the batch, from 0.
   * @param bytes - Size of its arguments as serialized.
   * @param limitBytes - What the service takes in one submission.
   */
  constructor(position: number, bytes: number, limitBytes: number) {
    super(
      `The arguments of call ${position + 1} take ${megabytes(bytes)}, and ` +
        `the service takes ${megabytes(limitBytes)}. Nothing was sent. Pass ` +
        'the place of the data, such as a path or a URL, instead.',
      { code: 'TASK_PAYLOAD_TOO_LARGE' }
    );
    this.position = position;
    this.bytes = bytes;
    this.limitBytes = limitBytes;
  }

  /** Which call of the batch, from 0. */
  readonly position: number;

  /** Size of its arguments as serialized, in bytes. */
  readonly bytes: number;

  /** What the service takes in one submission, in bytes. */
  readonly limitBytes: number;

  /** Name of the class; minifiers leave it as it is. */
  override name = 'PayloadTooLarge';
}

/**
 * A batch was sent in several submissions and one of them failed, so that
 * only some of its tasks exist. What was not sent yet was not sent at all.
 */
export class BatchPartlySubmitted extends ComputeError {
  /**
   * @param cause - Why it failed; a SubmitOutcomeUnknown where the calls that
   * failed may be running.
   * @param taskIds - The task of each call, in the order added; `undefined`
   * for calls that were not accepted.
   * @param failed - Places of the calls in the request that failed.
   * @param taskGroupId - The group of the accepted tasks.
   */
  constructor(
    cause: ComputeError,
    taskIds: readonly (string | undefined)[],
    failed: readonly number[],
    taskGroupId: string
  ) {
    const accepted = taskIds.filter(taskId => taskId !== undefined).length;
    super(
      `${accepted} of ${taskIds.length} calls were submitted, then this ` +
        `happened: ${cause.reason} Submit the calls without a task again, ` +
        'those that failed only if they are not running.',
      { code: 'BATCH_PARTLY_SUBMITTED', httpStatus: cause.httpStatus }
    );
    this.cause = cause;
    this.taskIds = taskIds;
    this.failed = failed;
    this.taskGroupId = taskGroupId;
  }

  /** Why it failed. */
  override readonly cause: ComputeError;

  /** The task of each call; `undefined` where it was not accepted. */
  readonly taskIds: readonly (string | undefined)[];

  /**
   * Places of the calls in the request that failed, from 0. Other calls
   * without a task were never sent.
   */
  readonly failed: readonly number[];

  /** The group of the accepted tasks. */
  readonly taskGroupId: string;

  /** Name of the class; minifiers leave it as it is. */
  override name = 'BatchPartlySubmitted';
}

/**
 * The call was cancelled before it was sent. A task that was sent cannot be.
 */
export class TaskCancelled extends ComputeError {
  constructor() {
    super('The call was cancelled before it was submitted.', {
      code: 'TASK_CANCELLED'
    });
  }

  /** Name of the class; minifiers leave it as it is. */
  override name = 'TaskCancelled';
}

/**
 * The result did not come in the time allowed. The task goes on.
 */
export class ResultTimeout extends ComputeError {
  /**
   * @param timeoutMs - How long was waited, in milliseconds.
   * @param taskId - The task, where it was submitted already.
   */
  constructor(timeoutMs: number, taskId?: string) {
    const what = taskId ? `Task ${taskId}` : 'The call';
    super(
      `${what} has no result after ${timeoutMs / 1000} s. It goes on: wait ` +
        'again, or ask later.',
      { code: 'RESULT_TIMEOUT' }
    );
    this.timeoutMs = timeoutMs;
    this.taskId = taskId;
  }

  /** How long was waited, in milliseconds. */
  readonly timeoutMs: number;

  /** The task, where it was submitted already. */
  readonly taskId?: string;

  /** Name of the class; minifiers leave it as it is. */
  override name = 'ResultTimeout';
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
