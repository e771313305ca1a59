/**
 * The part of oidc-provider that the tests use; it comes without types.
 */
declare module 'oidc-provider' {
  import type { IncomingMessage, Server, ServerResponse } from 'node:http';

  export interface Token {
    readonly isExpired: boolean;
    readonly scopes: Set<string>;
    readonly expiration: number;
    readonly accountId: string;
    readonly consumed?: number;
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
    query: Record<string, string | string[] | undefined>;
    req: IncomingMessage;
    res: ServerResponse;
    get(header: string): string;
    oidc?: {
      params?: Record<string, string | undefined>;
      entities: {
        AccessToken?: Token;
        Client?: { clientId: string };
        ClientCredentials?: Token;
        RefreshToken?: Token;
      };
    };
  }

  export interface Interaction {
    params: Record<string, string | undefined>;
  }

  export interface IdToken {
    scope: string;
    issue(options: { use: 'idtoken' }): Promise<string>;
  }

  export default class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>);
    readonly AccessToken: TokenModel;
    readonly IdToken: new (
      claims: Record<string, unknown>,
      options: { ctx: Context }
    ) => IdToken;
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
