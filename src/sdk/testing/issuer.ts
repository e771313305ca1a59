/**
 * A token issuer on this machine that refuses what a test did not announce.
 */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { IIssuer } from '../auth/issuer.js';

/** One request the issuer got: its path, form and Authorization header. */
export interface IIssuerRequest {
  path: string;
  form: Record<string, string>;
  authorization?: string;
}

/** Looks at a request; gives the answer's status and body. */
export type IssuerAnswer = (request: IIssuerRequest) => [number, unknown];

/**
 * Answers announced requests, first in first out.
 */
export class FakeIssuer {
  /** What was asked, in order. */
  readonly requests: IIssuerRequest[] = [];

  /** Announce a request by its answer. */
  expect(answer: IssuerAnswer): this {
    this._answers.push(answer);
    return this;
  }

  /** Start to listen; gives the addresses. */
  async start(): Promise<IIssuer> {
    this._server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (part: string) => (text += part));
      request.on('end', () => {
        const record: IIssuerRequest = {
          path: request.url ?? '',
          form: Object.fromEntries(new URLSearchParams(text)),
          authorization: request.headers.authorization
        };
        this.requests.push(record);
        const answer = this._answers.shift();
        const [status, body] = answer?.(record) ?? [418, { error: 'refused' }];
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(body));
      });
    });
    const server = this._server;
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    return {
      issuer: url,
      authorizationUrl: `${url}/authorize`,
      tokenUrl: `${url}/token`,
      userinfoUrl: `${url}/userinfo`,
      revocationUrl: `${url}/revoke`
    };
  }

  /** Stop, and fail when an announced request never came. */
  stop(): void {
    this._server?.closeAllConnections();
    this._server?.close();
    if (this._answers.length > 0) {
      throw new Error(`${this._answers.length} requests never came`);
    }
  }

  private readonly _answers: IssuerAnswer[] = [];
  private _server?: Server;
}
