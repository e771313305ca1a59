/**
 * A transport that keeps a budget of requests.
 */

import { ApiError } from './errors.js';
import type { RateLimiter } from './ratelimit.js';
import type { ITransport, ITransportRequest } from './types.js';

/** Requests that ask for news, and can wait a little. */
const BACKGROUND_PATH = '/v2/batch_status';

/**
 * Sends no more requests than a limiter admits, repetitions included, and
 * none while the service asks to wait.
 */
export class LimitedTransport implements ITransport {
  /**
   * @param transport - Sends the requests.
   * @param limiter - Says when.
   */
  constructor(transport: ITransport, limiter: RateLimiter) {
    this._limiter = limiter;
    this._transport = transport;
  }

  /**
   * Send a request when there is room for it.
   *
   * @throws RequestAborted when the signal fires, also while waiting.
   * @throws ComputeError as the transport does.
   */
  async request(request: ITransportRequest): Promise<unknown> {
    const admission = {
      isBackground: request.path === BACKGROUND_PATH,
      signal: request.signal
    };
    await this._limiter.acquire(admission);
    try {
      return await this._transport.request({
        ...request,
        beforeRetry: async failure => {
          this._heed(failure);
          await this._limiter.acquire(admission);
          await request.beforeRetry?.(failure);
        }
      });
    } catch (error) {
      this._heed(error);
      throw error;
    }
  }

  /** Hold all requests for as long as the service asks to wait. */
  private _heed(error: unknown): void {
    if (error instanceof ApiError && error.httpStatus === 429) {
      this._limiter.hold(error.retryAfterMs ?? 0);
    }
  }

  private readonly _limiter: RateLimiter;
  private readonly _transport: ITransport;
}
