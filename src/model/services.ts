import { ServerConnection } from '@jupyterlab/services';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IResultSource, ITransport } from '../sdk';
import { Client, PushSource, ResultPoller } from '../sdk';
import type { IServiceInfo, IServices } from '../tokens';
import type { DirectServices } from './direct/directServices';
import type { GatewayEvents } from './events';
import { FunctionRegistry } from './functions';
import type { Gateway, IServiceList } from './gateway';

/**
 * How many results are read in one go: a few milliseconds of a slow computer,
 * so that the page goes on answering.
 */
const RESULTS_AT_ONCE = 100;

/** A compute service with what this JupyterLab needs to talk to it. */
export interface IService {
  readonly profile: IServiceInfo;
  readonly client: Client;
  /** For what only some services offer, and the client does not know. */
  readonly transport: ITransport;
  /** Tells when tasks end, for everything that runs there. */
  readonly results: IResultSource;
  /** What was registered there. */
  readonly functions: FunctionRegistry;
}

/**
 * The services of the gateway, each made once; those of direct mode where the
 * Jupyter server has no gateway.
 */
export class Services implements IServices {
  constructor(gateway: Gateway, events: GatewayEvents, direct: DirectServices) {
    this._gateway = gateway;
    this._events = events;
    this._direct = direct;
  }

  get items(): readonly IServiceInfo[] {
    return this._known?.services ?? [];
  }

  get default(): IServiceInfo | null {
    return this.find(this._known?.default ?? '') ?? null;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  find(name: string): IServiceInfo | undefined {
    return this.items.find(service => service.name === name);
  }

  /**
   * Every service, in the gateway's order.
   *
   * @param options - `again`: ask again if one of them could not be used,
   * which may have been installed meanwhile.
   * @throws what {@link Gateway.services} throws; asks again the next time.
   */
  async all(options: { readonly again?: boolean } = {}): Promise<IService[]> {
    if (
      options.again &&
      this.items.some(({ unavailable }) => unavailable !== undefined)
    ) {
      this._reading = null;
    }
    const { services } = await this._list();
    return Promise.all(services.map(info => this._service(info)));
  }

  /**
   * Whether the browser talks to the services itself.
   *
   * @throws what {@link all} throws.
   */
  async isDirect(): Promise<boolean> {
    await this._list();
    return this._isDirect;
  }

  /**
   * Note as whom a service is used from now on: what somebody else registered
   * there is registered anew.
   */
  useIdentity(name: string, identityId: string): void {
    const last = this._identities.get(name);
    this._identities.set(name, identityId);
    if (last !== undefined && last !== identityId) {
      this._services.get(name)?.functions.clear();
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

  private async _list(): Promise<IServiceList> {
    this._reading ??= this._read();
    try {
      return await this._reading;
    } catch (reason) {
      this._reading = null;
      throw reason;
    }
  }

  private async _read(): Promise<IServiceList> {
    this._known = await this._ask();
    this._changed.emit(undefined);
    return this._known;
  }

  private async _ask(): Promise<IServiceList> {
    try {
      return await this._gateway.services();
    } catch (reason) {
      const isAbsent =
        reason instanceof ServerConnection.ResponseError &&
        reason.response.status === 404;
      const list = isAbsent ? await this._direct.list() : null;
      if (!list) {
        throw reason;
      }
      this._isDirect = true;
      return list;
    }
  }

  private async _service(profile: IServiceInfo): Promise<IService> {
    const known = this._services.get(profile.name);
    if (known) {
      return { ...known, profile };
    }
    const { client, transport } = this._isDirect
      ? await this._direct.get(profile.name)
      : this._connect(profile);
    const made = this._services.get(profile.name);
    if (made) {
      return made;
    }
    const poller = new ResultPoller(client);
    const service = {
      profile,
      client,
      transport,
      results: profile.features.events
        ? new PushSource(client, this._events, poller, {
            chunkSize: RESULTS_AT_ONCE
          })
        : poller,
      functions: new FunctionRegistry(client)
    };
    this._services.set(profile.name, service);
    return service;
  }

  private _connect({
    name
  }: IServiceInfo): Pick<IService, 'client' | 'transport'> {
    const transport = this._gateway.transport(name);
    // The gateway keeps what budget the service allows.
    return { transport, client: new Client({ transport, rateLimit: false }) };
  }

  private readonly _gateway: Gateway;
  private readonly _events: GatewayEvents;
  private readonly _direct: DirectServices;
  private readonly _services = new Map<string, IService>();
  private readonly _identities = new Map<string, string>();
  private readonly _changed = new Signal<this, void>(this);
  private _isDirect = false;
  private _known: IServiceList | null = null;
  private _reading: Promise<IServiceList> | null = null;
}
