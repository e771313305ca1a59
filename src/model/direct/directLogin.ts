import type {
  IAuthorizeOptions,
  ILoginManager,
  IPendingSignIn,
  IUserInfo
} from '../../sdk';
import {
  AuthenticationError,
  ComputeError,
  NetworkError,
  OidcLoginManager,
  readAuthorizationParameters
} from '../../sdk';
import type { IAccountInfo, SignInRequirements } from '../../tokens';
import type { LoginManagers } from '../accounts/loginManagers';
import type { IDirectService } from './directSettings';

/**
 * The login of a service that the browser talks to itself: of another
 * extension where one was given, else tokens in this page's memory, which
 * closing the page forgets.
 */
export class DirectLogin {
  constructor(
    service: IDirectService,
    managers: Pick<LoginManagers, 'get' | 'changed'>
  ) {
    this._service = service;
    this._managers = managers;
    managers.changed.connect((_, name) => {
      if (name === service.name) {
        this._who = null;
      }
    });
  }

  /** Name of the service. */
  get name(): string {
    return this._service.name;
  }

  /**
   * Headers for a request.
   *
   * @throws AuthenticationError when a person has to sign in first.
   * @throws NetworkError when the issuer does not answer.
   */
  async headers(options?: IAuthorizeOptions): Promise<Record<string, string>> {
    const manager = this._manager;
    if (!manager) {
      throw this._noManager();
    }
    try {
      return await manager.getAuthorizationHeaders(options);
    } catch (reason) {
      // Other extensions bring a copy of the SDK along, with other classes.
      throw reason instanceof ComputeError
        ? reason
        : new AuthenticationError(messageOf(reason), { code: 'NOT_SIGNED_IN' });
    }
  }

  /** As whom the service is used. */
  async account(): Promise<IAccountInfo> {
    const isForeign = this._managers.get(this.name) !== undefined;
    const manager = this._manager;
    const account: IAccountInfo = {
      service: this.name,
      state: 'signed-out',
      method: isForeign ? 'extension' : null,
      why: isForeign
        ? 'Another extension signs in to this service.'
        : 'The login is kept in this page’s memory, until the page is closed.',
      name: null,
      username: null,
      identityId: null,
      canSignIn: manager !== null,
      canSignOut: false,
      problem: manager ? null : this._noManager().message
    };
    try {
      await this.headers();
    } catch (reason) {
      return reason instanceof NetworkError
        ? { ...account, state: 'problem', problem: reason.message }
        : account;
    }
    this._who ??= this._ask();
    const who = await this._who;
    return {
      ...account,
      state: 'signed-in',
      method: isForeign ? 'extension' : 'sign-in',
      name: who?.name ?? null,
      username: who?.preferred_username ?? null,
      identityId: who?.sub ?? null,
      canSignOut: true
    };
  }

  /**
   * Begin a sign-in.
   *
   * @returns what waits for its code; `null` if it has ended already.
   * @throws AuthenticationError in a page that cannot sign in.
   */
  async begin(
    requirements: SignInRequirements | null
  ): Promise<IPendingSignIn | null> {
    this._who = null;
    const foreign = this._managers.get(this.name);
    if (foreign) {
      await foreign.ensureLoggedIn();
      return null;
    }
    const oidc = this._oidc();
    if (!oidc) {
      throw this._noManager();
    }
    return oidc.beginSignIn(
      requirements
        ? { requirements: readAuthorizationParameters(requirements) }
        : {}
    );
  }

  /**
   * End a sign-in with what the person pasted: the code, or the address.
   *
   * @throws AuthenticationError when it is refused.
   */
  async complete(pasted: string): Promise<void> {
    this._who = null;
    await this._oidc()?.completeSignIn(pasted);
  }

  /** Forget the tokens, and have them ended. */
  async end(): Promise<void> {
    this._who = null;
    await this._manager?.logout();
  }

  private get _manager(): ILoginManager | null {
    return this._managers.get(this.name) ?? this._oidc();
  }

  private _oidc(): OidcLoginManager | null {
    const { clientId, redirectUri, scope, issuer } = this._service;
    if (clientId === undefined) {
      return null;
    }
    this._made ??= new OidcLoginManager({
      clientId,
      redirectUri,
      scope,
      issuer
    });
    return this._made;
  }

  private async _ask(): Promise<IUserInfo | null> {
    try {
      return (await this._manager?.getAuthClient().oauth2Userinfo()) ?? null;
    } catch {
      // The service knows who it is; a name is for the person alone.
      return null;
    }
  }

  private _noManager(): AuthenticationError {
    return new AuthenticationError(
      `Nobody can sign in to ${this._service.label}: the settings of direct mode name no clientId, and no extension signs in to it.`,
      { code: 'NO_LOGIN_MANAGER' }
    );
  }

  private readonly _service: IDirectService;
  private readonly _managers: Pick<LoginManagers, 'get' | 'changed'>;
  private _made: OidcLoginManager | null = null;
  private _who: Promise<IUserInfo | null> | null = null;
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
