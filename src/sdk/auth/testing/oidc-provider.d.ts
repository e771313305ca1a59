/**
 * The part of oidc-provider that the tests use; it comes without types.
 */
declare module 'oidc-provider' {
  import type { IncomingMessage, Server, ServerResponse } from 'node:http';

  export interface Token {
    readonly isExpired: boolean;
    readonly scopes: Set<string>;
    readonly expiration: number;
    grantId: string;
    save(): Promise<string>;
    destroy(): Promise<void>;
  }

  export interface TokenModel {
    new (properties: Record<string, unknown>): Token;
    find(value: string): Promise<Token | undefined>;
    revokeByGrantId(grantId: string): Promise<void>;
  }

  export interface Grant {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }

  export interface Context {
    path: string;
    method: string;
    status: number;
    type: string;
    body: unknown;
    req: IncomingMessage;
    res: ServerResponse;
    oidc?: {
      params?: Record<string, string | undefined>;
      entities: Record<string, unknown>;
    };
  }

  export interface Interaction {
    params: { client_id: string; scope: string };
  }

  export default class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>);
    readonly AccessToken: TokenModel;
    readonly ClientCredentials: TokenModel;
    readonly RefreshToken: TokenModel;
    readonly Grant: new (properties: {
      accountId: string;
      clientId: string;
    }) => Grant;
    use(
      middleware: (context: Context, next: () => Promise<void>) => Promise<void>
    ): void;
    interactionDetails(
      request: IncomingMessage,
      response: ServerResponse
    ): Promise<Interaction>;
    interactionResult(
      request: IncomingMessage,
      response: ServerResponse,
      result: Record<string, unknown>
    ): Promise<string>;
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    on(event: string, listener: (...args: unknown[]) => void): void;
    listen(port: number, host: string): Server;
  }
}
