/**
 * HTTP, by axios. No other file of the SDK imports it.
 */

import axios, { type AxiosInstance, type AxiosResponse } from 'axios';

import { invalidAnswer } from './answers.js';
import type { IAuthorizeOptions } from './auth/manager.js';
import { redacted } from './auth/redact.js';
import { isAuthorizationRequirementsError } from './auth/requirements.js';
import {
  AuthenticationError,
  ComputeError,
  NetworkError,
  RequestAborted,
  SerializationError
} from './errors.js';
import { errorFromAnswer, retryAfterMs } from './failures.js';
import { pause, retryDelayMs } from './retry.js';
import type { ITransport, ITransportRequest } from './types.js';

/**
 * Gives the headers that prove who asks.
 */
export type Authorize = (
  options?: IAuthorizeOptions
) => Promise<Record<string, string>> | Record<string, string>;

/**
 * How to reach a service over HTTP.
 */
export interface ITransportOptions {
  /** Address of the service; in a browser it may be a path. */
  baseUrl: string;

  /**
   * Gives the headers that prove who asks, for each attempt anew. It is asked
   * to refresh them after a 401; where it gives others, the request is sent
   * once more.
   */
  authorize?: Authorize;

  /** Time allowed for one attempt, in milliseconds; 30000. */
  timeoutMs?: number;

  /**
   * Send the `_xsrf` cookie's value as the header Jupyter's server asks for;
   * to the page's own origin only.
   */
  withXsrf?: boolean;

  /** Times a request that may be repeated is sent again; 3. */
  maxRetries?: number;

  /** Wait before the first retry, in milliseconds; doubles each time; 500. */
  retryDelayMs?: number;
}

/** Failures that come before anything is sent. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ERR_INVALID_URL'
]);

/**
 * Carries requests to a service over HTTP. Requests that only read are sent
 * again after passing failures; submissions never are.
 */
export class AxiosTransport implements ITransport {
  /**
   * @param options - How to reach the service.
   */
  constructor(options: ITransportOptions) {
    this._baseUrl = options.baseUrl.replace(/\/+$/, '');
    this._authorize = options.authorize ?? (() => ({}));
    this._timeoutMs = options.timeoutMs ?? 30_000;
    this._policy = {
      maxRetries: options.maxRetries ?? 3,
      baseDelayMs: options.retryDelayMs ?? 500
    };
    this._axios = axios.create({
      responseType: 'text',
      // Parsed below: axios would pass text that is not JSON on in silence.
      transformResponse: [(data: unknown) => data],
      validateStatus: () => true,
      // A redirected POST would become a GET, and its headers might leak.
      maxRedirects: 0,
      xsrfCookieName: options.withXsrf ? '_xsrf' : undefined,
      xsrfHeaderName: options.withXsrf ? 'X-XSRFToken' : undefined
    });
  }

  /**
   * Send a request, and again where that is safe.
   *
   * @throws ApiError and its subclasses when the service refuses.
   * @throws NetworkError when no answer came.
   * @throws RequestAborted when the signal fired.
   */
  async request(request: ITransportRequest): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this._attempt(request);
      } catch (error) {
        const failure =
          error instanceof ComputeError
            ? error
            : new ComputeError('The request could not be made.');
        const waitMs = retryDelayMs(request, failure, attempt, this._policy);
        if (waitMs === undefined) {
          throw failure;
        }
        await pause(waitMs, request.signal);
        await request.beforeRetry?.(failure);
      }
    }
  }

  private async _attempt(request: ITransportRequest): Promise<unknown> {
    if (request.signal?.aborted) {
      throw new RequestAborted(undefined, { neverSent: true });
    }
    const refused = await this._authorize();
    try {
      return await this._send(request, refused);
    } catch (error) {
      if (!mayRefresh(error)) {
        throw error;
      }
      // A 401 says that nothing was done: even a submission may be sent again.
      const credentials = await this._authorize({ refresh: true, refused });
      if (credentials.Authorization === refused.Authorization) {
        throw error;
      }
      await request.beforeRetry?.(error);
      return this._send(request, credentials);
    }
  }

  private async _send(
    request: ITransportRequest,
    credentials: Record<string, string>
  ): Promise<unknown> {
    if (request.signal?.aborted) {
      throw new RequestAborted(undefined, { neverSent: true });
    }
    const data = jsonBody(request.body);
    const headers: Record<string, string> = {
      Accept: 'application/json',
      ...request.headers,
      ...(data === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...credentials
    };
    const answer = await this._exchange(request, headers, data);
    return readAnswer(answer, Object.values(credentials));
  }

  /** One HTTP exchange, ended by the caller's signal or the time allowed. */
  private async _exchange(
    request: ITransportRequest,
    headers: Record<string, string>,
    data: string | undefined
  ): Promise<AxiosResponse<unknown>> {
    const { method, signal } = request;
    const timeoutMs = request.timeoutMs ?? this._timeoutMs;
    const controller = new AbortController();
    const stop = () => {
      controller.abort();
    };
    // axios' own timeout does not cover a body that stalls.
    const timer = setTimeout(stop, timeoutMs);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const url = this._url(request);
      const config = { method, url, headers, data, signal: controller.signal };
      return await this._axios.request(config);
    } catch (error) {
      if (signal?.aborted) {
        throw new RequestAborted();
      }
      throw controller.signal.aborted
        ? timedOut(timeoutMs)
        : unreachable(error);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    }
  }

  private _url(request: ITransportRequest): string {
    const query = new URLSearchParams(request.query).toString();
    return this._baseUrl + request.path + (query ? `?${query}` : '');
  }

  private readonly _authorize: Authorize;
  private readonly _axios: AxiosInstance;
  private readonly _baseUrl: string;
  private readonly _policy: { maxRetries: number; baseDelayMs: number };
  private readonly _timeoutMs: number;
}

function jsonBody(body: unknown): string | undefined {
  try {
    return body === undefined ? undefined : JSON.stringify(body);
  } catch {
    throw new SerializationError(
      'The request holds a value that JSON has no place for, such as a ' +
        'bigint or a cycle. Leave it out.'
    );
  }
}

/**
 * Whether new headers may help. A service that states what a sign-in must
 * satisfy wants a person to sign in, not another token.
 */
function mayRefresh(error: unknown): error is AuthenticationError {
  return (
    error instanceof AuthenticationError &&
    error.httpStatus === 401 &&
    !isAuthorizationRequirementsError(error)
  );
}

/**
 * @param response - The answer.
 * @param secrets - Headers it may quote when it refuses.
 */
function readAnswer(
  response: AxiosResponse<unknown>,
  secrets: readonly string[]
): unknown {
  const { status } = response;
  const text = typeof response.data === 'string' ? response.data : '';
  const isOk = status >= 200 && status < 300;
  const body = parsed(isOk ? text : redacted(text, secrets));
  if (isOk) {
    if (body === undefined) {
      throw invalidAnswer('it is not JSON');
    }
    return body;
  }
  throw errorFromAnswer({
    status,
    body,
    retryAfterMs: retryAfterMs(response.headers['retry-after'], Date.now())
  });
}

/** The JSON of a body: `null` for none, `undefined` when it is not JSON. */
function parsed(text: string): unknown {
  try {
    return text.trim() === '' ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function timedOut(timeoutMs: number): NetworkError {
  return new NetworkError(
    `The service did not answer within ${timeoutMs / 1000} s. Check the ` +
      'network, then try again.',
    { code: 'TIMEOUT' }
  );
}

/**
 * The error for a failed exchange. Nothing of axios' error is kept but its
 * code: its `config` holds the Authorization header.
 */
function unreachable(error: unknown): NetworkError {
  const code = axios.isAxiosError(error) ? (error.code ?? '') : '';
  const detail = code === '' ? '' : ` (${code})`;
  return new NetworkError(
    `The service could not be reached${detail}. Check the network and the ` +
      'address of the service, then try again.',
    { code: 'UNREACHABLE', neverSent: NEVER_SENT.has(code) }
  );
}
