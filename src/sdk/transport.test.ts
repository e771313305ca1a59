// @vitest-environment node
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import {
  ApiError,
  AuthenticationError,
  ComputeError,
  NetworkError,
  NotFoundError,
  RateLimitError,
  RequestAborted,
  SerializationError
} from './errors.js';
import { AxiosTransport, type ITransportOptions } from './transport.js';
import type { ITransportRequest } from './types.js';

const TOKEN = 'secret-token-0123456789';

const GET: ITransportRequest = { method: 'GET', path: '/v2/version' };
const STATUS: ITransportRequest = {
  method: 'POST',
  path: '/v2/batch_status',
  body: { task_ids: [] }
};
const REGISTER: ITransportRequest = {
  method: 'POST',
  path: '/v3/functions',
  body: {}
};
const SUBMIT: ITransportRequest = {
  method: 'POST',
  path: '/v3/endpoints/e/submit',
  body: {}
};

interface ISeen {
  method?: string;
  url?: string;
  headers: Record<string, unknown>;
  body: string;
  atMs: number;
}

let server: Server | undefined;
let seen: ISeen[] = [];

/** Serve answers in turn; a request too many is refused. */
async function serve(...answers: RequestListener[]): Promise<string> {
  seen = [];
  server = createServer((request, response) => {
    const { method, url, headers } = request;
    const record: ISeen = { method, url, headers, body: '', atMs: Date.now() };
    seen.push(record);
    const answer = answers[seen.length - 1] as RequestListener | undefined;
    request.setEncoding('utf8').on('data', (text: string) => {
      record.body += text;
    });
    request.on('end', () => {
      if (answer) {
        answer(request, response);
      } else {
        response.writeHead(418).end('{"reason": "one request too many"}');
      }
    });
  });
  await new Promise<void>(resolve => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

const answer =
  (
    status: number,
    body: unknown,
    headers: Record<string, string> = {}
  ): RequestListener =>
  (_request, response) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    response.writeHead(status, headers).end(text);
  };
const ok = answer(200, { ok: true });
const hangs: RequestListener = () => undefined;
const drops: RequestListener = request => {
  request.socket.destroy();
};

function transport(baseUrl: string, options: Partial<ITransportOptions> = {}) {
  const authorize = () => ({ Authorization: `Bearer ${TOKEN}` });
  return new AxiosTransport({
    baseUrl,
    authorize,
    retryDelayMs: 5,
    ...options
  });
}

/** The error of a request that must fail; it never holds the token. */
async function failure(request: Promise<unknown>): Promise<ComputeError> {
  const error: unknown = await request.then(
    () => {
      throw new Error('the request did not fail');
    },
    (reason: unknown) => reason
  );
  expect(error).toBeInstanceOf(ComputeError);
  const shown = [
    String(error),
    (error as Error).stack,
    JSON.stringify(error, Object.getOwnPropertyNames(error)),
    String((error as Error).cause)
  ];
  expect(shown.join()).not.toContain(TOKEN);
  return error as ComputeError;
}

describe('AxiosTransport', () => {
  it('sends JSON with the headers it is given', async () => {
    const url = await serve(ok);
    const body = { text: 'é🚀' };
    const request = { ...SUBMIT, query: { a: 'b c', d: '&' }, body };
    expect(await transport(`${url}//`).request(request)).toEqual({ ok: true });
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/v3/endpoints/e/submit?a=b+c&d=%26',
      body: JSON.stringify(body),
      headers: {
        authorization: `Bearer ${TOKEN}`,
        accept: 'application/json',
        'content-type': 'application/json'
      }
    });
  });

  it('gives null for an answer without a body', async () => {
    const url = await serve(answer(204, ''));
    expect(await transport(url).request(GET)).toBeNull();
  });

  it.each([
    ['GET', GET, 429],
    ['GET', GET, 502],
    ['GET', GET, 503],
    ['GET', GET, 504],
    ['batch_status', STATUS, 503],
    ['a registration', REGISTER, 429],
    ['a registration', REGISTER, 503],
    ['a submission, which was only counted,', SUBMIT, 429]
  ])('sends %s again after %#: status %i', async (_, request, status) => {
    const url = await serve(answer(status, ''), ok);
    const sent = transport(url).request(request);
    expect(await sent).toEqual({ ok: true });
    expect(seen).toHaveLength(2);
  });

  it.each([
    ['a submission', SUBMIT, 502],
    ['a submission', SUBMIT, 503],
    ['a registration', REGISTER, 502],
    ['a registration', REGISTER, 504],
    ['a deletion', { method: 'DELETE', path: '/v2/functions/f' }, 503],
    ['GET', GET, 500]
  ])(
    'does not send %s again after %#: status %i',
    async (_, request, status) => {
      const url = await serve(answer(status, { reason: 'no' }));
      await failure(transport(url).request(request as ITransportRequest));
      expect(seen).toHaveLength(1);
    }
  );

  it('asks for leave before each repetition', async () => {
    const url = await serve(answer(502, ''), answer(503, ''), ok);
    const failures: (number | undefined)[] = [];
    await transport(url).request({
      ...GET,
      beforeRetry: async error => void failures.push(error.httpStatus)
    });
    expect(failures).toEqual([502, 503]);
  });

  it('waits as long as Retry-After says', async () => {
    const url = await serve(answer(429, '', { 'Retry-After': '1' }), ok);
    await transport(url).request(GET);
    expect(seen[1].atMs - seen[0].atMs).toBeGreaterThanOrEqual(990);
  });

  it('gives up after some attempts, and when the wait is too long', async () => {
    const busy = answer(503, { reason: 'Busy' });
    let url = await serve(busy, busy, busy);
    const options = { maxRetries: 2 };
    const error = await failure(transport(url, options).request(GET));
    expect(error).toMatchObject({ httpStatus: 503 });
    expect(error.reason).toContain('Busy');
    expect(seen).toHaveLength(3);
    server?.close();
    url = await serve(answer(429, '', { 'Retry-After': '3600' }));
    const late = await failure(transport(url).request(GET));
    expect(late).toBeInstanceOf(RateLimitError);
    expect((late as RateLimitError).retryAfterMs).toBe(3_600_000);
  });

  it('asks for headers anew on each attempt', async () => {
    const url = await serve(answer(503, ''), ok);
    let count = 0;
    const authorize = () => Promise.resolve({ 'X-Count': String(++count) });
    await transport(url, { authorize }).request(GET);
    expect(seen.map(request => request.headers['x-count'])).toEqual(['1', '2']);
  });

  it.each([
    [401, { reason: 'Token expired' }, AuthenticationError, /Sign in again/],
    [403, { reason: 'Not yours' }, AuthenticationError, /Ask the owner/],
    [
      404,
      { reason: 'No such task', code: 'TASK_NOT_FOUND' },
      NotFoundError,
      /No such/
    ],
    [413, {}, ApiError, /send less/],
    [
      422,
      { detail: [{ loc: ['body', 'x'], msg: 'required' }] },
      ApiError,
      /body\.x: required/
    ],
    [400, { detail: 'bad' }, ApiError, /^bad\.$/],
    [400, '<html>proxy</html>', ApiError, /answered 400/],
    [302, '', ApiError, /another address/],
    [200, '<html>sign in</html>', ApiError, /not JSON/],
    [200, '[NaN]', ApiError, /not JSON/]
  ])('gives the error for status %i', async (status, body, type, text) => {
    const url = await serve(answer(status, body, { Location: '/elsewhere' }));
    const error = await failure(transport(url).request(GET));
    expect(error).toBeInstanceOf(type);
    expect(error.reason).toMatch(text);
    expect(seen).toHaveLength(1);
  });

  it("keeps the API's code, and what a new sign-in must satisfy", async () => {
    const parameters = { session_required_mfa: true };
    const url = await serve(
      answer(403, { code: 'X', authorization_parameters: parameters })
    );
    const error = await failure(transport(url).request(GET));
    expect(error).toMatchObject({
      code: 'X',
      httpStatus: 403,
      authorizationParameters: parameters
    });
  });

  it('sends a read again when the connection was dropped', async () => {
    const url = await serve(drops, ok);
    expect(await transport(url).request(GET)).toEqual({ ok: true });
  });

  it('does not send a submission again when the connection was dropped', async () => {
    const url = await serve(drops);
    const error = await failure(transport(url).request(SUBMIT));
    expect(error).toMatchObject({ code: 'UNREACHABLE', neverSent: false });
  });

  it('knows when nothing was sent', async () => {
    const url = await serve();
    await new Promise(resolve => server?.close(resolve));
    const error = await failure(transport(url).request(SUBMIT));
    expect(error).toBeInstanceOf(NetworkError);
    expect((error as NetworkError).neverSent).toBe(true);
  });

  it('ends a request that is not answered in time', async () => {
    const stalls: RequestListener = (_request, response) => {
      response.writeHead(200).write('{"half');
    };
    const url = await serve(hangs, stalls);
    const options = { maxRetries: 1, timeoutMs: 100 };
    const error = await failure(transport(url, options).request(GET));
    expect(error).toMatchObject({ code: 'TIMEOUT' });
    expect(error.reason).toContain('0.1 s');
    expect(seen).toHaveLength(2);
  });

  it('ends at once when it is aborted, on the way or between attempts', async () => {
    const controller = new AbortController();
    const url = await serve(
      (...exchange) => {
        controller.abort();
        hangs(...exchange);
      },
      answer(429, '', { 'Retry-After': '30' })
    );
    const { signal } = controller;
    const error = await failure(transport(url).request({ ...GET, signal }));
    expect(error).toBeInstanceOf(RequestAborted);
    expect(error.name).toBe('AbortError');
    const between = new AbortController();
    const waiting = failure(
      transport(url).request({ ...GET, signal: between.signal })
    );
    server?.once('request', (_request, response) => {
      response.once('finish', () => {
        between.abort();
      });
    });
    expect(await waiting).toBeInstanceOf(RequestAborted);
    const before = { ...GET, signal: AbortSignal.abort() };
    expect(await failure(transport(url).request(before))).toBeInstanceOf(
      RequestAborted
    );
    expect(seen).toHaveLength(2);
  });

  it('passes on that nobody is signed in, and sends nothing', async () => {
    const url = await serve();
    const refused = new AuthenticationError('Sign in first.');
    const authorize = () => Promise.reject(refused);
    const sent = transport(url, { authorize }).request(GET);
    await expect(sent).rejects.toBe(refused);
    expect(seen).toHaveLength(0);
  });

  it('refuses a body that is no JSON', async () => {
    const url = await serve();
    const sent = transport(url).request({ ...SUBMIT, body: { big: 1n } });
    expect(await failure(sent)).toBeInstanceOf(SerializationError);
    expect(seen).toHaveLength(0);
  });
});
