/**
 * Globus Auth's form of token answers: a token for each resource server, one
 * at the top of the answer and the others in `other_tokens`.
 */

import type Provider from 'oidc-provider';
import type { Context } from 'oidc-provider';

import { claimsOf } from './configuration.js';
import { byResourceServer } from './scopes.js';
import type { SignIns } from './signins.js';

/** What was given out, in order. */
export interface IIssued {
  readonly accessTokens: string[];
  readonly refreshTokens: string[];
  readonly idTokens: string[];
}

/** One token, as an answer has it. */
interface ITokenAnswer {
  access_token: string;
  refresh_token?: string;
  id_token?: string;
  expires_in: number;
  resource_server: string;
  scope: string;
  token_type: string;
}

/** Rewrites what oidc-provider answers, which has one token for all scopes. */
export class TokenAnswers {
  /** Tokens that were given out. */
  readonly issued: IIssued = {
    accessTokens: [],
    refreshTokens: [],
    idTokens: []
  };

  /**
   * @param provider - The provider that answers.
   * @param signIns - Learns which grants come from the same sign-in.
   */
  constructor(
    private readonly _provider: Provider,
    private readonly _signIns: SignIns
  ) {}

  /** Put a successful answer into Globus Auth's form. */
  async rewrite(context: Context, grantType: string): Promise<void> {
    const answer = context.body as ITokenAnswer;
    const scopes = answer.scope.split(' ');
    const [first, ...others] =
      grantType === 'refresh_token'
        ? [renewed(answer, scopes)]
        : await this._each(context, grantType, scopes);
    const idToken =
      grantType === 'client_credentials' && scopes.includes('openid')
        ? await this._idToken(context)
        : answer.id_token;
    context.body = {
      ...first,
      ...(idToken === undefined ? {} : { id_token: idToken }),
      other_tokens: others
    };
    this._note([first, ...others], idToken);
  }

  /** A token for each resource server, in the place of one for all. */
  private async _each(
    context: Context,
    grantType: string,
    scopes: readonly string[]
  ): Promise<ITokenAnswer[]> {
    const { AccessToken, ClientCredentials, RefreshToken, Client } =
      context.oidc!.entities;
    const client = Client!;
    const accountId = AccessToken?.accountId ?? client.clientId;
    const isOffline = RefreshToken !== undefined;
    for (const token of [AccessToken, ClientCredentials, RefreshToken]) {
      await token?.destroy();
    }
    return Promise.all(
      [...byResourceServer(scopes)].map(async ([server, own]) => {
        const scope = own.join(' ');
        // Of its own, for a token that is ended takes its grant along.
        const grantId = await this._grant(client.clientId, accountId, scope);
        this._signIns.share(AccessToken?.grantId ?? '', grantId);
        const properties = {
          accountId,
          client,
          grantId,
          gty: grantType,
          scope
        };
        const access = new this._provider.AccessToken(properties);
        const refresh = new this._provider.RefreshToken(properties);
        return {
          access_token: await access.save(),
          ...(isOffline ? { refresh_token: await refresh.save() } : {}),
          expires_in: access.expiration,
          resource_server: server,
          scope,
          token_type: 'Bearer'
        };
      })
    );
  }

  private _grant(
    clientId: string,
    accountId: string,
    scope: string
  ): Promise<string> {
    const grant = new this._provider.Grant({ accountId, clientId });
    grant.addOIDCScope(scope);
    return grant.save();
  }

  private _idToken(context: Context): Promise<string> {
    const { clientId } = context.oidc!.entities.Client!;
    const token = new this._provider.IdToken(claimsOf(clientId), {
      ctx: context
    });
    token.scope = 'openid';
    return token.issue({ use: 'idtoken' });
  }

  private _note(
    tokens: readonly ITokenAnswer[],
    idToken: string | undefined
  ): void {
    this.issued.accessTokens.push(...tokens.map(token => token.access_token));
    this.issued.refreshTokens.push(
      ...tokens.flatMap(token => token.refresh_token ?? [])
    );
    this.issued.idTokens.push(...(idToken === undefined ? [] : [idToken]));
  }
}

function renewed(
  answer: ITokenAnswer,
  scopes: readonly string[]
): ITokenAnswer {
  const [[server]] = byResourceServer(scopes);
  return { ...answer, resource_server: server };
}
