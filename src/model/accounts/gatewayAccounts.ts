import type {
  IAccountInfo,
  ICheckStep,
  IGroup,
  ISignInRequest,
  SignInRequirements
} from '../../tokens';
import type { Gateway } from '../gateway';
import { GatewayRefusal } from '../gateway';
import type { IAccountSource } from './accountSource';

/** The logins that the gateway holds; no token of them comes here. */
export class GatewayAccounts implements IAccountSource {
  constructor(gateway: Pick<Gateway, 'request'>) {
    this._gateway = gateway;
  }

  readonly hasEvents = true;

  /** @throws GatewayRefusal; a gateway without accounts has none. */
  async list(): Promise<readonly IAccountInfo[]> {
    try {
      const answer = await this._gateway.request('GET', 'accounts');
      return (answer as { accounts: IAccountInfo[] }).accounts;
    } catch (reason) {
      // A server of an earlier version has no accounts, and works without.
      if (reason instanceof GatewayRefusal && reason.response.status === 404) {
        return [];
      }
      throw reason;
    }
  }

  /** @throws GatewayRefusal */
  async begin(
    service: string,
    requirements: SignInRequirements | null
  ): Promise<ISignInRequest> {
    const path = `${pathOf(service)}/sign-in`;
    const answer = await this._gateway.request('POST', path, { requirements });
    return { ...(answer as Omit<ISignInRequest, 'service'>), service };
  }

  /** @throws GatewayRefusal */
  async complete(request: ISignInRequest, code: string): Promise<IAccountInfo> {
    const answer = await this._gateway.request('POST', signInPath(request), {
      code
    });
    return answer as IAccountInfo;
  }

  /** @throws GatewayRefusal */
  async cancel(request: ISignInRequest): Promise<void> {
    await this._gateway.request('DELETE', signInPath(request));
  }

  /** @throws GatewayRefusal */
  async signOut(service: string): Promise<IAccountInfo> {
    const path = `${pathOf(service)}/sign-out`;
    return (await this._gateway.request('POST', path, {})) as IAccountInfo;
  }

  /** @throws GatewayRefusal; its code is `CONSENT_NEEDED` where one misses. */
  async groups(service: string): Promise<readonly IGroup[]> {
    const path = `${pathOf(service)}/groups`;
    const answer = await this._gateway.request('GET', path);
    return (answer as { groups: IGroup[] }).groups;
  }

  /** @throws GatewayRefusal */
  async check(
    service: string,
    endpoint: string | null
  ): Promise<readonly ICheckStep[]> {
    const path = `${pathOf(service)}/check`;
    const answer = await this._gateway.request('POST', path, { endpoint });
    return (answer as { steps: ICheckStep[] }).steps;
  }

  private readonly _gateway: Pick<Gateway, 'request'>;
}

function pathOf(service: string): string {
  return `accounts/${encodeURIComponent(service)}`;
}

function signInPath({ service, id }: ISignInRequest): string {
  return `${pathOf(service)}/sign-in/${encodeURIComponent(id)}`;
}
