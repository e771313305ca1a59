/**
 * A real OpenID provider in this process, with Globus Auth's manners: one
 * token for each resource server, the first at the top of the answer and the
 * others in `other_tokens`, refresh tokens that are used once.
 */

import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import Provider, { type Context } from 'oidc-provider';

import {
  AUTH_RESOURCE_SERVER,
  COMPUTE_RESOURCE_SERVER,
  COMPUTE_SCOPE,
  type IIssuer
} from '../issuer.js';

import { memoryAdapter } from './storage.js';

/** The native client of the tests. */
export const NATIVE_CLIENT = 'native-client';

/** The confidential client of the tests. */
export const SERVICE_CLIENT = {
  clientId: 'service-client',
  clientSecret: 'service-client-secret: /+ %'
};

/** A page that shows the code, as Globus Auth's does; nobody opens it. */
export const CODE_PAGE = 'https://auth.globus.example/code';

/** Who signs in. */
export const ACCOUNT = 'student@university.example';

/** How the provider signs the identities it vouches for. */
const ALGORITHM = 'ES256';

/** How the provider behaves. */
interface IProviderOptions {
  /** Lifetime of access tokens, in seconds. */
  accessTokenSeconds?: number;

  /** Pages of the tests that may get codes. */
  redirectUris?: readonly string[];
}

/** The provider of one test. */
export class TestProvider {
  /** Grants the token endpoint was asked for, in order. */
  readonly grants: string[] = [];

  /** Refresh tokens it gave, in order. */
  readonly refreshTokens: string[] = [];

  /** Start to listen. */
  static async start(options: IProviderOptions = {}): Promise<TestProvider> {
    const server = createServer();
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    return new TestProvider(server, options);
  }

  private constructor(server: Server, options: IProviderOptions) {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.issuer = {
      issuer: url,
      authorizationUrl: `${url}/auth`,
      tokenUrl: `${url}/token`,
      userinfoUrl: `${url}/me`,
      revocationUrl: `${url}/token/revocation`
    };
    this._server = server;
    this._provider = new Provider(url, configuration(options));
    this._provider.use((context, next) => this._interaction(context, next));
    this._provider.use((context, next) => this._tokens(context, next));
    server.on('request', this._provider.callback());
  }

  /** Its addresses. */
  readonly issuer: IIssuer & { revocationUrl: string };

  /** Whether an access token may use Compute now. */
  async isActive(accessToken: string): Promise<boolean> {
    const token = await this._find(accessToken);
    return token?.isExpired === false && token.scopes.has(COMPUTE_SCOPE);
  }

  /** Whether a refresh token exists still. */
  async isRefreshable(refreshToken: string): Promise<boolean> {
    return (await this._provider.RefreshToken.find(refreshToken)) !== undefined;
  }

  /** End one access token early, as an administrator may. */
  async endAccessToken(accessToken: string): Promise<void> {
    await (await this._find(accessToken))?.destroy();
  }

  /** End a whole sign-in, refresh tokens included. */
  async endSignIn(accessToken: string): Promise<void> {
    const grantId = (await this._find(accessToken))?.grantId ?? '';
    await this._provider.AccessToken.revokeByGrantId(grantId);
    await this._provider.RefreshToken.revokeByGrantId(grantId);
  }

  /** Stop. */
  stop(): void {
    this._server.closeAllConnections();
    this._server.close();
  }

  private async _find(accessToken: string) {
    const { AccessToken, ClientCredentials } = this._provider;
    return (
      (await AccessToken.find(accessToken)) ??
      (await ClientCredentials.find(accessToken))
    );
  }

  /** The page that asks the person: a button to allow, one to deny. */
  private async _interaction(
    context: Context,
    next: () => Promise<void>
  ): Promise<void> {
    const [, path, , answer] = context.path.split('/');
    if (path !== 'interaction') {
      return next();
    }
    const { req, res } = context;
    const { params } = await this._provider.interactionDetails(req, res);
    if (context.method === 'GET') {
      context.type = 'html';
      context.body = interactionPage(context.path);
      return;
    }
    let result: Record<string, unknown> = { error: 'access_denied' };
    if (answer === 'allow') {
      const grant = new this._provider.Grant({
        accountId: ACCOUNT,
        clientId: params.client_id
      });
      grant.addOIDCScope(params.scope);
      const grantId = await grant.save();
      result = { login: { accountId: ACCOUNT }, consent: { grantId } };
    }
    const url = await this._provider.interactionResult(req, res, result);
    res.setHeader('Location', url);
    context.status = 303;
    context.body = '';
  }

  /** Globus Auth's form of token answers. */
  private async _tokens(
    context: Context,
    next: () => Promise<void>
  ): Promise<void> {
    await next();
    const grantType = context.oidc?.params?.grant_type;
    if (context.path !== '/token' || grantType === undefined) {
      return;
    }
    this.grants.push(grantType);
    if (context.status !== 200) {
      return;
    }
    const answer = context.body as Record<string, string | undefined>;
    const isFirst = grantType === 'authorization_code';
    const isOpenId = answer.scope?.split(' ').includes('openid');
    context.body = {
      ...answer,
      resource_server: isOpenId
        ? AUTH_RESOURCE_SERVER
        : COMPUTE_RESOURCE_SERVER,
      ...(isFirst ? { other_tokens: [await this._computeToken(context)] } : {})
    };
    if (answer.refresh_token !== undefined) {
      this.refreshTokens.push(answer.refresh_token);
    }
  }

  /** The token for Compute, of the same sign-in as the one at the top. */
  private async _computeToken(
    context: Context
  ): Promise<Record<string, unknown>> {
    const { Client: client, AccessToken } = context.oidc!.entities;
    const { grantId } = AccessToken as { grantId: string };
    const properties = {
      accountId: ACCOUNT,
      client,
      grantId,
      gty: 'authorization_code',
      scope: COMPUTE_SCOPE
    };
    const access = new this._provider.AccessToken(properties);
    const refresh = new this._provider.RefreshToken(properties);
    const refreshToken = await refresh.save();
    this.refreshTokens.push(refreshToken);
    return {
      access_token: await access.save(),
      refresh_token: refreshToken,
      expires_in: access.expiration,
      resource_server: COMPUTE_RESOURCE_SERVER,
      scope: COMPUTE_SCOPE,
      token_type: 'Bearer'
    };
  }

  private readonly _provider: Provider;
  private readonly _server: Server;
}

function configuration(options: IProviderOptions): Record<string, unknown> {
  const seconds = options.accessTokenSeconds ?? 3600;
  return {
    adapter: () => memoryAdapter(),
    clients: [
      {
        client_id: NATIVE_CLIENT,
        token_endpoint_auth_method: 'none',
        application_type: 'native',
        id_token_signed_response_alg: ALGORITHM,
        redirect_uris: [CODE_PAGE, ...(options.redirectUris ?? [])],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code']
      },
      {
        client_id: SERVICE_CLIENT.clientId,
        client_secret: SERVICE_CLIENT.clientSecret,
        id_token_signed_response_alg: ALGORITHM,
        redirect_uris: [],
        grant_types: ['client_credentials'],
        response_types: []
      }
    ],
    clientBasedCORS: () => true,
    cookies: { keys: ['cookies of the tests'] },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      revocation: { enabled: true, allowedPolicy: () => true }
    },
    jwks: { keys: [signingKey()] },
    findAccount: (_context: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ sub: accountId, preferred_username: accountId })
    }),
    interactions: {
      url: (_context: unknown, { uid }: { uid: string }) =>
        `/interaction/${uid}`
    },
    issueRefreshToken: () => true,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    scopes: ['openid', COMPUTE_SCOPE],
    ttl: {
      AccessToken: seconds,
      AuthorizationCode: 60,
      ClientCredentials: seconds,
      Grant: 3600,
      IdToken: 3600,
      Interaction: 3600,
      RefreshToken: 3600,
      Session: 3600
    }
  };
}

function signingKey(): Record<string, unknown> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ format: 'jwk' });
  return { ...key, use: 'sig', alg: ALGORITHM, kid: 'tests' };
}

function interactionPage(path: string): string {
  const button = (answer: string, name: string) =>
    `<form method="post" action="${path}/${answer}"><button>${name}</button></form>`;
  return `<!doctype html><title>Sign in</title>${button('allow', 'Allow')}${button('deny', 'Deny')}`;
}
