/**
 * A door for tests in other processes to look into the provider, and to end
 * what it issued. It listens on a port of its own.
 */

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { recordOrEmpty } from '../../json.js';
import type { TestProvider } from './provider.js';

/** What may be asked: each takes an object and gives something for JSON. */
type Command = (fields: Record<string, unknown>) => unknown;

/** Takes `POST /{command}` with an object in JSON. */
export class ControlDoor {
  /**
   * @param provider - The provider behind it.
   */
  constructor(provider: TestProvider) {
    const commands = commandsOf(provider);
    this._server = createServer((request, response) => {
      const command = commands.get(request.url?.slice(1) ?? '');
      void read(request)
        .then(fields => {
          if (command === undefined || request.method !== 'POST') {
            throw new Error(`No command: ${request.method} ${request.url}`);
          }
          return command(fields);
        })
        .then(
          answer => {
            response.writeHead(200, { 'Content-Type': 'application/json' });
            response.end(JSON.stringify(answer ?? null));
          },
          (error: unknown) => {
            response.writeHead(400, { 'Content-Type': 'text/plain' });
            response.end(String(error));
          }
        );
    });
  }

  /** Start to listen; gives the address. */
  async start(): Promise<string> {
    const server = this._server;
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  private readonly _server: Server;
}

function commandsOf(provider: TestProvider): ReadonlyMap<string, Command> {
  return new Map<string, Command>([
    [
      'issued',
      () => ({
        accessTokens: provider.accessTokens,
        refreshTokens: provider.refreshTokens,
        idTokens: provider.idTokens
      })
    ],
    ['grants', () => provider.grants],
    ['alive', ({ token }) => provider.isAlive(String(token))],
    ['end-access-tokens', () => provider.endAccessTokens()],
    ['end-sign-ins', () => provider.endSignIns()],
    [
      'set',
      ({ accessTokenSeconds, outages }) => {
        provider.accessTokenSeconds = Number(
          accessTokenSeconds ?? provider.accessTokenSeconds
        );
        provider.outages = Number(outages ?? provider.outages);
      }
    ]
  ]);
}

async function read(
  request: IncomingMessage
): Promise<Record<string, unknown>> {
  let text = '';
  for await (const part of request.setEncoding('utf8')) {
    text += String(part);
  }
  return recordOrEmpty(text === '' ? {} : JSON.parse(text));
}
