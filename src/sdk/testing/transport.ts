/**
 * A transport that refuses what a test did not announce.
 */

import type { ITransport, ITransportRequest } from '../types.js';

/** What a test announces: the request, and its answer or error. */
interface IExpectation {
  request: Omit<ITransportRequest, 'signal' | 'timeoutMs'>;
  answer: unknown;
}

/**
 * Answers announced requests, first in first out. Any other request, and an
 * announced one that never came, fails the test.
 */
export class FakeTransport implements ITransport {
  /**
   * Announce a request; an Error is thrown, anything else answered. A body
   * that is a function is given the body that came, to check it.
   */
  expect(request: IExpectation['request'], answer: unknown): this {
    this._expectations.push({ request, answer });
    return this;
  }

  /** Fail when an announced request never came. */
  assertExhausted(): void {
    if (this._expectations.length > 0) {
      throw new Error(`never asked: ${JSON.stringify(this._expectations)}`);
    }
  }

  async request(request: ITransportRequest): Promise<unknown> {
    await Promise.resolve();
    const { method, path, query, body } = request;
    const seen = { method, path, query, body };
    const next = this._expectations.shift();
    if (typeof next?.request.body === 'function') {
      // The test looks at the body itself; it must not be announced as well.
      (next.request.body as (body: unknown) => void)(body);
      next.request.body = body;
    }
    if (!next || canonical(seen) !== canonical(next.request)) {
      throw new TypeError(
        `unexpected ${canonical(seen)}, announced: ${canonical(next?.request)}`
      );
    }
    if (next.answer instanceof Error) {
      throw next.answer;
    }
    return next.answer;
  }

  private readonly _expectations: IExpectation[] = [];
}

/** JSON with sorted keys, without those that are undefined. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(
          Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))
        )
      : item
  );
}
