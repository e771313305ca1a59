/**
 * Which error an HTTP answer stands for.
 */

import { readRequirements } from './auth/requirements.js';
import {
  ApiError,
  AuthenticationError,
  NotFoundError,
  RateLimitError
} from './errors.js';
import { isRecord, recordOrEmpty, textOf } from './json.js';

/** Characters kept of a reason: some proxies answer with whole pages. */
const MAX_REASON = 2000;

/**
 * An HTTP answer whose status is not 2xx.
 */
export interface IFailedAnswer {
  /** HTTP status. */
  status: number;

  /** Parsed JSON of the body, or `undefined` when it is none. */
  body: unknown;

  /** From the Retry-After header, in milliseconds. */
  retryAfterMs?: number;
}

/**
 * The error an answer stands for. The API's body is an object of `status`,
 * `code`, `reason` and `http_status_code`; a validation failure's has a list
 * of problems as `detail`.
 */
export function errorFromAnswer(answer: IFailedAnswer): ApiError {
  const { status, body, retryAfterMs } = answer;
  const requirements = readRequirements(body, status);
  if (requirements) {
    return requirements;
  }
  const record = recordOrEmpty(body);
  const options = { code: textOf(record.code), httpStatus: status };
  const reason = sentence(reasonOf(record) ?? `The service answered ${status}`);
  switch (status) {
    case 401:
    case 403:
      return new AuthenticationError(
        authenticationText(status, reason),
        options
      );
    case 404:
      return new NotFoundError(
        `${reason} Check that it exists and that you may use it.`,
        options
      );
    case 413:
      return new ApiError(
        `${reason} It is larger than the service takes: send less at once, ` +
          'or pass the place of the data.',
        options
      );
    case 429:
      return new RateLimitError(rateText(retryAfterMs), retryAfterMs, options);
    default:
      return new ApiError(otherText(status, reason), {
        ...options,
        retryAfterMs
      });
  }
}

/**
 * Milliseconds a Retry-After header asks for (RFC 9110, 10.2.3).
 *
 * @param header - Seconds or a date; anything else is ignored.
 * @param nowMs - The time now, in milliseconds since the epoch.
 */
export function retryAfterMs(
  header: unknown,
  nowMs: number
): number | undefined {
  if (typeof header !== 'string' || header.trim() === '') {
    return undefined;
  }
  const seconds = Number(header);
  const waitMs = Number.isNaN(seconds)
    ? Date.parse(header) - nowMs
    : seconds * 1000;
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}

function reasonOf(record: Record<string, unknown>): string | undefined {
  const detail = record.detail ?? record.message;
  const text = textOf(record.reason) ?? textOf(detail) ?? problems(detail);
  return text?.slice(0, MAX_REASON);
}

/** The problems a validation failure lists, each `{loc, msg}`. */
function problems(detail: unknown): string | undefined {
  if (!Array.isArray(detail)) {
    return undefined;
  }
  const texts = detail.filter(isRecord).map(problem => {
    const place = Array.isArray(problem.loc) ? problem.loc.join('.') : '';
    return `${place}: ${String(problem.msg)}`;
  });
  return texts.length > 0 ? texts.join('; ') : undefined;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

function authenticationText(status: number, reason: string): string {
  if (/\bsign(?:ing)? in\b/i.test(reason)) {
    return reason;
  }
  return status === 401
    ? `${reason} Sign in again.`
    : `${reason} Ask the owner for access, or sign in as someone who has it.`;
}

function rateText(waitMs: number | undefined): string {
  const when =
    waitMs === undefined
      ? 'a little'
      : `${Math.max(1, Math.ceil(waitMs / 1000))} s`;
  return `Too many requests. Wait ${when}, then try again.`;
}

function otherText(status: number, reason: string): string {
  if (status >= 500) {
    return `The service has a problem (${status}): ${reason} Try again later.`;
  }
  if (status >= 300 && status < 400) {
    return (
      `The service points to another address (${status}). Check that its ` +
      'address is right.'
    );
  }
  return reason;
}
