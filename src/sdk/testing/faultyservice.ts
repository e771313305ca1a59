/**
 * A Compute service on a real socket that fails as it is told.
 */

import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse
} from 'node:http';
import type { AddressInfo } from 'node:net';

import { unpackBuffers } from '../serialize/buffers.js';

/** How one request ends; `acted` ones are carried out all the same. */
export interface IFault {
  kind: 'answer' | 'status' | 'cut' | 'stall';
  acted: boolean;
  status?: number;
  headers?: Record<string, string>;
}

/** No fault. */
const ANSWER: IFault = { kind: 'answer', acted: true };

/** Every way to fail: 429, 500, 502, 503, a cut connection, a slow body. */
const FAULTS: readonly IFault[] = [
  {
    kind: 'status',
    acted: false,
    status: 429,
    headers: { 'Retry-After': '0.05' }
  },
  { kind: 'status', acted: false, status: 429 },
  { kind: 'status', acted: false, status: 500 },
  { kind: 'status', acted: true, status: 500 },
  { kind: 'status', acted: false, status: 502 },
  { kind: 'status', acted: true, status: 502 },
  { kind: 'status', acted: false, status: 503 },
  { kind: 'cut', acted: false },
  { kind: 'cut', acted: true },
  { kind: 'stall', acted: true }
];

/**
 * Takes submissions of calls of the form `f(n)` written as JSON, finishes
 * them at once, and answers a part of the requests with a fault. The same
 * seed gives the same faults.
 */
export class FaultyService {
  /**
   * @param seed - Chooses the faults.
   * @param rate - Part of the requests that fail, from 0 to 1.
   */
  constructor(seed: number, rate: number) {
    this._random = mulberry32(seed);
    this._rate = rate;
  }

  /** How often each call was carried out, by its argument. */
  readonly acted = new Map<number, number>();

  /** The arguments of the calls of each task group. */
  readonly groups = new Map<string, number[]>();

  /** When each request came, in milliseconds. */
  readonly requestsMs: number[] = [];

  /** How often each fault was shown, as JSON. */
  readonly shown = new Map<string, number>();

  /** Start; gives the address. */
  async start(): Promise<string> {
    this._server = createServer((request, response) => {
      this.requestsMs.push(performance.now());
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => (text += part));
      request.on('end', () => {
        this._answer(request, text, response);
      });
    });
    const server = this._server;
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Stop at once. */
  stop(): void {
    this._server?.closeAllConnections();
    this._server?.close();
  }

  private _answer(
    request: IncomingMessage,
    text: string,
    response: ServerResponse
  ): void {
    const fault = this._nextFault();
    const body = fault.acted ? this._act(request.url ?? '', text) : {};
    switch (fault.kind) {
      case 'answer':
        response.end(JSON.stringify(body));
        break;
      case 'status':
        response.writeHead(fault.status ?? 500, fault.headers);
        response.end(JSON.stringify({ reason: 'A fault' }));
        break;
      case 'cut':
        request.socket.destroy();
        break;
      case 'stall':
        // The head and the first byte come, the rest never does.
        response.writeHead(200);
        response.write('{');
    }
  }

  private _nextFault(): IFault {
    if (this._random() >= this._rate) {
      return ANSWER;
    }
    const fault = FAULTS[Math.floor(this._random() * FAULTS.length)];
    const name = JSON.stringify(fault);
    this.shown.set(name, (this.shown.get(name) ?? 0) + 1);
    return fault;
  }

  private _act(url: string, text: string): unknown {
    const body = (text === '' ? {} : JSON.parse(text)) as Record<
      string,
      unknown
    >;
    if (url.endsWith('/submit')) {
      return this._submit(body);
    }
    if (url === '/v2/batch_status') {
      const ids = body.task_ids as string[];
      return { results: Object.fromEntries(ids.map(id => [id, task(id)])) };
    }
    return { function_uuid: 'f' };
  }

  private _submit(body: Record<string, unknown>): unknown {
    const group = body.task_group_id as string;
    const tasks = Object.entries(body.tasks as Record<string, string[]>).map(
      ([functionId, payloads]) => [
        functionId,
        payloads.map(payload => {
          const [args] = unpackBuffers(payload);
          const [n] = JSON.parse(args.slice(3)) as [number];
          this.acted.set(n, (this.acted.get(n) ?? 0) + 1);
          this.groups.set(group, [...(this.groups.get(group) ?? []), n]);
          return String(n);
        })
      ]
    );
    return {
      task_group_id: group,
      tasks: Object.fromEntries(tasks) as unknown
    };
  }

  private readonly _random: () => number;
  private readonly _rate: number;
  private _server: Server | undefined;
}

function task(taskId: string): object {
  return { task_id: taskId, status: 'success', result: `11\n${taskId}` };
}

/** A small generator of numbers from 0 to 1, the same for the same seed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
