import type {
  IAccountInfo,
  ICheckStep,
  IGroup,
  ISignInRequest,
  SignInRequirements
} from '../../tokens';
import type { IAccountSource } from '../accounts/accountSource';
import { checkDirectly } from './directCheck';
import type { DirectServices } from './directServices';

/** The logins that this page holds, of the services it talks to itself. */
export class DirectAccounts implements IAccountSource {
  constructor(services: Pick<DirectServices, 'all' | 'get'>) {
    this._services = services;
  }

  readonly hasEvents = false;

  async list(): Promise<readonly IAccountInfo[]> {
    const connections = await this._services.all();
    return Promise.all(connections.map(({ login }) => login.account()));
  }

  /** @throws AuthenticationError in a page that cannot sign in. */
  async begin(
    service: string,
    requirements: SignInRequirements | null
  ): Promise<ISignInRequest | null> {
    const { login } = await this._services.get(service);
    const pending = await login.begin(requirements);
    return (
      pending && {
        service,
        id: pending.state,
        url: pending.url,
        completes: 'code'
      }
    );
  }

  /** @throws AuthenticationError when the code is refused. */
  async complete(
    { service }: ISignInRequest,
    code: string
  ): Promise<IAccountInfo> {
    const { login } = await this._services.get(service);
    await login.complete(code);
    return login.account();
  }

  /** The next sign-in takes the place of this one. */
  cancel(): Promise<void> {
    return Promise.resolve();
  }

  async signOut(service: string): Promise<IAccountInfo> {
    const { login } = await this._services.get(service);
    await login.end();
    return login.account();
  }

  /** @throws Error: what would tell them is the Jupyter server's part. */
  groups(): Promise<readonly IGroup[]> {
    return Promise.reject(
      new Error(
        'Groups are known by name only where the Jupyter server has the Globus Compute extension. Give the id of the group.'
      )
    );
  }

  async check(
    service: string,
    endpoint: string | null
  ): Promise<readonly ICheckStep[]> {
    const { client, login } = await this._services.get(service);
    return checkDirectly(client, login, endpoint);
  }

  private readonly _services: Pick<DirectServices, 'all' | 'get'>;
}
