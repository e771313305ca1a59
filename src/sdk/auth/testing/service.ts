/**
 * A Compute service on this machine that takes only tokens of a provider.
 */

import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse
} from 'node:http';
import type { AddressInfo } from 'node:net';

import { isRecord, recordOrEmpty } from '../../json.js';

/** The function of the tests; it gives back `None`. */
export const FUNCTION_ID = 'f0000000-0000-4000-8000-000000000001';

/** The endpoint of the tests. */
export const ENDPOINT_ID = '4b116d3c-1703-4f8f-9f6f-39921e5864df';

const GROUP_ID = 'aaaaaaaa-0000-4000-8000-000000000000';

/** `None`, as the Python SDK writes it. */
const NONE = '00\ngAROLg==\n';

/** Runs every task at once, for whoever has a token that is active. */
export class TokenCheckingService {
  /**
   * @param isActive - Whether an access token may use the service.
   * @param otherwise - Answers requests for anything but the API.
   */
  constructor(
    isActive: (accessToken: string) => Promise<boolean>,
    otherwise?: (request: IncomingMessage, response: ServerResponse) => void
  ) {
    this._isActive = isActive;
    this._server = createServer((request, response) => {
      if (!/^\/v[23]\//.test(request.url ?? '') && otherwise) {
        otherwise(request, response);
        return;
      }
      void this._serve(request, response);
    });
  }

  /** Requests it refused, for want of a token that is active. */
  refusals = 0;

  /** Tokens it was shown, in the order in which they came first. */
  readonly tokens = new Set<string>();

  /** Tasks it took. */
  readonly taskIds: string[] = [];

  /** Start to listen; gives the address. */
  async start(): Promise<string> {
    const server = this._server;
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Stop. */
  stop(): void {
    this._server.closeAllConnections();
    this._server.close();
  }

  private async _serve(
    request: IncomingMessage,
    response: ServerResponse
  ): Promise<void> {
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const body = await readJson(request);
    this.tokens.add(token);
    const isActive = await this._isActive(token);
    this.refusals += isActive ? 0 : 1;
    const answer = isActive
      ? this._answer(request.url ?? '', body)
      : // A service may quote what it refuses.
        { code: 'UNAUTHORIZED', reason: `The token ${token} has ended.` };
    response.writeHead(isActive ? 200 : 401, {
      'Content-Type': 'application/json'
    });
    response.end(JSON.stringify(answer));
  }

  private _answer(url: string, body: unknown): unknown {
    if (url.endsWith('/submit')) {
      return this._submit(recordOrEmpty(recordOrEmpty(body).tasks));
    }
    if (url === '/v2/batch_status') {
      const ids = recordOrEmpty(body).task_ids as string[];
      return {
        results: Object.fromEntries(
          ids.map(id => [id, { task_id: id, status: 'success', result: NONE }])
        )
      };
    }
    return { api: '2.0' };
  }

  private _submit(calls: Record<string, unknown>): unknown {
    const tasks = Object.entries(calls).map(([functionId, args]) => {
      const ids = (args as unknown[]).map(() => crypto.randomUUID());
      this.taskIds.push(...ids);
      return [functionId, ids];
    });
    return {
      request_id: crypto.randomUUID(),
      task_group_id: GROUP_ID,
      endpoint_id: ENDPOINT_ID,
      tasks: Object.fromEntries(tasks) as unknown
    };
  }

  private readonly _isActive: (accessToken: string) => Promise<boolean>;
  private readonly _server: Server;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) {
    text += String(part);
  }
  const value: unknown = text === '' ? {} : JSON.parse(text);
  return isRecord(value) ? value : {};
}
