/**
 * A real OpenID provider with Globus Auth's addresses and manners: one token
 * for each resource server, the first at the top of the answer and the others
 * in `other_tokens`, refresh tokens that are used once.
 */

import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse
} from 'node:http';
import type { AddressInfo } from 'node:net';

import Provider, { type Context, type Token } from 'oidc-provider';

import { COMPUTE_SCOPE, type IIssuer } from '../issuer.js';
import { ACCOUNT } from './accounts.js';
import { configurationOf, ROUTES } from './configuration.js';
import { describeIdentities, describeToken } from './globusapi.js';
import { codePage, interactionPage } from './interactionpage.js';
import { parseScopes } from './scopes.js';
import { SignIns } from './signins.js';
import { TokenAnswers } from './tokenanswers.js';

/** A page that shows the code, as Globus Auth's does; nobody opens it. */
export const CODE_PAGE = 'https://auth.globus.example/code';

/** The page of this provider that shows the code. */
const OWN_CODE_PAGE = '/v2/web/auth-code';

/** How the provider behaves. */
interface IProviderOptions {
  /** Lifetime of access tokens, in seconds. */
  accessTokenSeconds?: number;

  /** Pages of the tests that may get codes. */
  redirectUris?: readonly string[];

  /** Whether each refresh token is good for one use; it is unless given. */
  rotatesRefreshTokens?: boolean;
}

/** The provider of one test. */
export class TestProvider {
  /** Grants the token endpoint was asked for, in order. */
  readonly grants: string[] = [];

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
      authorizationUrl: `${url}${ROUTES.authorization}`,
      tokenUrl: `${url}${ROUTES.token}`,
      userinfoUrl: `${url}${ROUTES.userinfo}`,
      revocationUrl: `${url}${ROUTES.revocation}`
    };
    this.accessTokenSeconds = options.accessTokenSeconds ?? 3600;
    this._server = server;
    this._provider = new Provider(
      url,
      configurationOf({
        accessTokenSeconds: () => this.accessTokenSeconds,
        redirectUris: [
          CODE_PAGE,
          `${url}${OWN_CODE_PAGE}`,
          ...(options.redirectUris ?? [])
        ],
        rotatesRefreshTokens: options.rotatesRefreshTokens ?? true,
        isOffline: grantId => this._signIns.isOffline(grantId)
      })
    );
    this._answers = new TokenAnswers(this._provider, this._signIns);
    this._provider.use((context, next) => this._interaction(context, next));
    this._provider.use((context, next) => this._identities(context, next));
    this._provider.use((context, next) => this._tokens(context, next));
    this._provider.use((context, next) => this._introspection(context, next));
    const serve = this._provider.callback();
    server.on('request', (request: IncomingMessage, response) => {
      this._receive(request, response, serve);
    });
  }

  /** Its addresses. */
  readonly issuer: IIssuer & { revocationUrl: string };

  /** Lifetime of access tokens that are made from now on, in seconds. */
  accessTokenSeconds: number;

  /** How many requests for tokens are answered with 503 from now on. */
  outages = 0;

  /** Refresh tokens it gave, in order. */
  get refreshTokens(): readonly string[] {
    return this._answers.issued.refreshTokens;
  }

  /** Access tokens it gave, in order. */
  get accessTokens(): readonly string[] {
    return this._answers.issued.accessTokens;
  }

  /** Identity tokens it gave, in order. */
  get idTokens(): readonly string[] {
    return this._answers.issued.idTokens;
  }

  /** Whether an access token may use Compute now. */
  async isActive(accessToken: string): Promise<boolean> {
    const token = await this._find(accessToken);
    return token?.isExpired === false && token.scopes.has(COMPUTE_SCOPE);
  }

  /** Whether an access or refresh token is worth anything now. */
  async isAlive(token: string): Promise<boolean> {
    const access = await this._find(token);
    return access?.isExpired === false || (await this.isRefreshable(token));
  }

  /** Whether a refresh token can be used still. */
  async isRefreshable(refreshToken: string): Promise<boolean> {
    const token = await this._provider.RefreshToken.find(refreshToken);
    return token !== undefined && token.consumed === undefined;
  }

  /** End one access token early, as an administrator may. */
  async endAccessToken(accessToken: string): Promise<void> {
    await (await this._find(accessToken))?.destroy();
  }

  /** End all access tokens early. */
  async endAccessTokens(): Promise<void> {
    await Promise.all(this.accessTokens.map(one => this.endAccessToken(one)));
  }

  /** End a whole sign-in, refresh tokens included. */
  async endSignIn(accessToken: string): Promise<void> {
    const grantId = (await this._find(accessToken))?.grantId ?? '';
    await this._provider.AccessToken.revokeByGrantId(grantId);
    await this._provider.RefreshToken.revokeByGrantId(grantId);
  }

  /** End all sign-ins, refresh tokens included. */
  async endSignIns(): Promise<void> {
    await this.endAccessTokens();
    for (const token of this.refreshTokens) {
      await (await this._provider.RefreshToken.find(token))?.destroy();
    }
  }

  /** Stop. */
  stop(): void {
    this._server.closeAllConnections();
    this._server.close();
  }

  private _find(accessToken: string): Promise<Token | undefined> {
    return this._provider.AccessToken.find(accessToken);
  }

  /** What comes before oidc-provider sees a request. */
  private _receive(
    request: IncomingMessage,
    response: ServerResponse,
    serve: (request: IncomingMessage, response: ServerResponse) => void
  ): void {
    const url = new URL(request.url ?? '/', this.issuer.issuer);
    if (url.pathname === ROUTES.token && this.outages > 0) {
      this.outages -= 1;
      response.writeHead(503, { 'Content-Type': 'application/json' });
      response.end('{"error": "service_unavailable"}');
      return;
    }
    if (url.pathname === OWN_CODE_PAGE) {
      const { searchParams } = url;
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
      response.end(
        codePage(
          searchParams.get('code'),
          searchParams.get('error_description') ?? searchParams.get('error')
        )
      );
      return;
    }
    if (url.pathname === ROUTES.authorization) {
      request.url = flattened(url);
    }
    serve(request, response);
  }

  /** The page that asks the person. */
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
    const scope = params.scope ?? '';
    if (context.method === 'GET') {
      context.type = 'html';
      context.body = interactionPage(
        context.path,
        scope.split(' '),
        params.session_message
      );
      return;
    }
    let result: Record<string, unknown> = { error: 'access_denied' };
    if (answer === 'allow') {
      const grant = new this._provider.Grant({
        accountId: ACCOUNT,
        clientId: params.client_id ?? ''
      });
      grant.addOIDCScope(scope);
      const grantId = await grant.save();
      this._signIns.add(grantId, ACCOUNT, params);
      result = { login: { accountId: ACCOUNT }, consent: { grantId } };
    }
    const url = await this._provider.interactionResult(req, res, result);
    res.setHeader('Location', url);
    context.status = 303;
    context.body = '';
  }

  private async _identities(
    context: Context,
    next: () => Promise<void>
  ): Promise<void> {
    const bearer = context.get('authorization').replace('Bearer ', '');
    const token = await this._find(bearer);
    const answer = describeIdentities(context, token, this._signIns);
    if (answer === undefined) {
      return next();
    }
    context.status = answer.status;
    context.body = answer.body;
  }

  /** Globus Auth's form of token answers. */
  private async _tokens(
    context: Context,
    next: () => Promise<void>
  ): Promise<void> {
    await next();
    const grantType = context.oidc?.params?.grant_type;
    if (context.path !== ROUTES.token || grantType === undefined) {
      return;
    }
    this.grants.push(grantType);
    if (context.status === 200) {
      await this._answers.rewrite(context, grantType);
    }
  }

  /** What Globus Auth tells a service about a token. */
  private async _introspection(
    context: Context,
    next: () => Promise<void>
  ): Promise<void> {
    await next();
    const token = context.oidc?.entities.AccessToken;
    if (context.path !== ROUTES.introspection || token === undefined) {
      return;
    }
    context.body = {
      ...(context.body as Record<string, unknown>),
      ...describeToken(token, this._signIns)
    };
  }

  private readonly _signIns = new SignIns();
  private readonly _answers: TokenAnswers;
  private readonly _provider: Provider;
  private readonly _server: Server;
}

/**
 * The address of a sign-in as oidc-provider reads it: without the scopes that
 * scopes need. The whole text goes along under another name.
 */
function flattened(url: URL): string {
  const scope = url.searchParams.get('scope');
  if (scope !== null) {
    const names = parseScopes(scope).map(tree => tree.scope);
    url.searchParams.set('scope', names.join(' '));
    url.searchParams.set('globus_scope', scope);
  }
  return `${url.pathname}${url.search}`;
}
