import type { ITransport } from '../../sdk';
import { Client } from '../../sdk';
import type { IServiceInfo } from '../../tokens';
import type { LoginManagers } from '../accounts/loginManagers';
import type { IServiceList } from '../gateway';
import { DirectLogin } from './directLogin';
import type { IDirectService } from './directSettings';
import { DirectTransport } from './directTransport';

/** A service of direct mode with what is needed to talk to it. */
export interface IDirectConnection {
  readonly client: Client;
  readonly transport: ITransport;
  readonly login: DirectLogin;
}

/**
 * The services that the browser talks to itself, where the Jupyter server
 * does not have this extension. None unless the settings name some.
 */
export class DirectServices {
  constructor(managers: LoginManagers) {
    this._managers = managers;
  }

  /** Use the services of the settings, once those are read. */
  use(services: Promise<readonly IDirectService[]>): void {
    this._services = services;
    // Who asks is told why they cannot be read.
    services.catch(() => undefined);
  }

  /**
   * The services; `null` if there are none.
   *
   * @throws Error when the settings cannot be used.
   */
  async list(): Promise<IServiceList | null> {
    const services = await this._services;
    const [first] = services as readonly (IDirectService | undefined)[];
    return first
      ? { services: services.map(describe), default: first.name }
      : null;
  }

  /** The connections to all of them, each made once. */
  async all(): Promise<readonly IDirectConnection[]> {
    return (await this._services).map(service => this._connect(service));
  }

  /** The connection to one of them. */
  async get(name: string): Promise<IDirectConnection> {
    const found = (await this.all()).find(({ login }) => login.name === name);
    if (!found) {
      throw new Error(`There is no compute service named "${name}".`);
    }
    return found;
  }

  private _connect(service: IDirectService): IDirectConnection {
    let connection = this._connections.get(service.name);
    if (!connection) {
      const login = new DirectLogin(service, this._managers);
      const transport = new DirectTransport(service, login);
      // Within the rate that the service allows: nobody else keeps it.
      const client = new Client({ transport });
      connection = { login, transport, client };
      this._connections.set(service.name, connection);
    }
    return connection;
  }

  private readonly _managers: LoginManagers;
  private readonly _connections = new Map<string, IDirectConnection>();
  private _services: Promise<readonly IDirectService[]> = Promise.resolve([]);
}

function describe({ name, label }: IDirectService): IServiceInfo {
  return {
    name,
    label,
    kind: name === 'cloud' ? 'cloud' : 'other',
    needsAccount: true,
    features: { cancel: false, events: false }
  };
}
