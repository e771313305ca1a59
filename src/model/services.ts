import { Client, ResultPoller } from '../sdk';
import type { Gateway, IServiceProfile } from './gateway';
import { FunctionRegistry } from './functions';

/** A compute service with what this JupyterLab needs to talk to it. */
export interface IService {
  readonly profile: IServiceProfile;
  readonly client: Client;
  /** The one polling loop for everything that runs there. */
  readonly poller: ResultPoller;
  /** What was registered there. */
  readonly functions: FunctionRegistry;
}

/** The services of the gateway, each made once. */
export class Services {
  constructor(gateway: Gateway) {
    this._gateway = gateway;
  }

  /**
   * Every service, in the gateway's order.
   *
   * @throws what {@link Gateway.profiles} throws; asks again the next time.
   */
  async all(): Promise<IService[]> {
    this._profiles ??= this._gateway.profiles();
    try {
      const profiles = await this._profiles;
      return profiles.map(profile => this._service(profile));
    } catch (reason) {
      this._profiles = null;
      throw reason;
    }
  }

  /** The service of that name. */
  async get(name: string): Promise<IService> {
    const service = (await this.all()).find(
      ({ profile }) => profile.name === name
    );
    if (!service) {
      throw new Error(`This server has no compute service named "${name}".`);
    }
    return service;
  }

  private _service(profile: IServiceProfile): IService {
    let service = this._services.get(profile.name);
    if (!service) {
      const client = new Client({
        transport: this._gateway.transport(profile.name),
        // The local service, all the gateway knows yet, has no such limit.
        rateLimit: false
      });
      service = {
        profile,
        client,
        poller: new ResultPoller(client),
        functions: new FunctionRegistry(client)
      };
      this._services.set(profile.name, service);
    }
    return service;
  }

  private readonly _gateway: Gateway;
  private readonly _services = new Map<string, IService>();
  private _profiles: Promise<IServiceProfile[]> | null = null;
}
