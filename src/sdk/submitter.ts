/**
 * Sends batches, each of their submissions once.
 */

import type { Batch } from './batch.js';
import { ApiError, ComputeError } from './errors.js';
import {
  divide,
  type ISubmission,
  readReceipt,
  submissionBody,
  submitFailure
} from './submission.js';
import { BatchPartlySubmitted } from './taskerrors.js';
import type { IBatchReceipt, IBatchRunReceipt, ITransport } from './types.js';
import { randomUuid } from './uuid.js';

/** How a service refuses a task group that it did not make itself. */
const GROUP_REFUSALS: ReadonlySet<string | undefined> = new Set([
  'TASK_GROUP_NOT_FOUND',
  'TASK_GROUP_ACCESS_FORBIDDEN'
]);

/**
 * Sends batches to the endpoints of a service.
 *
 * Where a batch names no task group, one is made here, so that the tasks can
 * be looked up when the answer is lost. Services that insist on making the
 * groups are found out by their first answer.
 */
export class Submitter {
  /**
   * @param transport - Carries the requests.
   */
  constructor(transport: ITransport) {
    this._transport = transport;
  }

  /**
   * Submit the calls of a batch: one request for each endpoint, more where
   * they are too large for one.
   *
   * @param batch - The calls.
   * @param endpointId - Endpoint of the calls that name none.
   * @param signal - Cancels what was not answered yet.
   * @throws ComputeError, code `EMPTY_BATCH`, when there are no calls.
   * @throws PayloadTooLarge before anything is sent.
   * @throws SubmitOutcomeUnknown when no usable answer came to the first
   * request, so that its tasks may be running.
   * @throws BatchPartlySubmitted when a later request failed.
   */
  async submit(
    batch: Batch,
    endpointId?: string,
    signal?: AbortSignal
  ): Promise<IBatchRunReceipt> {
    if (batch.length === 0) {
      throw new ComputeError('The batch has no calls. Add one, then run it.', {
        code: 'EMPTY_BATCH'
      });
    }
    let group = batch.taskGroupId;
    const taskIds: (string | undefined)[] = batch.calls.map(() => undefined);
    const receipts: IBatchReceipt[] = [];
    for (const submission of divide(batch.calls, endpointId)) {
      try {
        const receipt = await this._send(batch, submission, group, signal);
        submission.positions.forEach((position, i) => {
          taskIds[position] = receipt.taskIds[i];
        });
        group = receipt.taskGroupId;
        receipts.push(receipt);
      } catch (error) {
        throw error instanceof ComputeError && receipts.length > 0
          ? new BatchPartlySubmitted(
              error,
              taskIds,
              submission.positions,
              receipts[0].taskGroupId
            )
          : error;
      }
    }
    return {
      taskGroupId: receipts[0].taskGroupId,
      taskIds: taskIds as string[],
      submissions: receipts
    };
  }

  /** Send one request, in a group of ours where the service allows it. */
  private async _send(
    batch: Batch,
    submission: ISubmission,
    group: string | undefined,
    signal?: AbortSignal
  ): Promise<IBatchReceipt> {
    if (group !== undefined || !this._makesGroups) {
      return this._post(batch, submission, group, signal);
    }
    const ownGroup = randomUuid();
    try {
      const receipt = await this._post(batch, submission, ownGroup, signal);
      // Some services take the group they are given for a mere wish.
      this._makesGroups = receipt.taskGroupId.toLowerCase() === ownGroup;
      return receipt;
    } catch (error) {
      if (error instanceof ApiError && GROUP_REFUSALS.has(error.code)) {
        this._makesGroups = false;
        return this._post(batch, submission, undefined, signal);
      }
      throw error;
    }
  }

  private async _post(
    batch: Batch,
    { endpointId, calls }: ISubmission,
    group: string | undefined,
    signal?: AbortSignal
  ): Promise<IBatchReceipt> {
    const alreadyAborted = signal?.aborted === true;
    try {
      const answer = await this._transport.request({
        method: 'POST',
        path: `/v3/endpoints/${encodeURIComponent(endpointId)}/submit`,
        body: submissionBody(calls, batch.options, group),
        headers: batch.options.headers,
        signal
      });
      return readReceipt(calls, endpointId, answer);
    } catch (error) {
      throw alreadyAborted ? error : submitFailure(error, group);
    }
  }

  private _makesGroups = true;
  private readonly _transport: ITransport;
}
