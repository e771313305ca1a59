import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IEndpoint } from '../sdk';
import type { IEndpointInfo, IEndpoints } from '../tokens';
import type { IService, Services } from './services';

/* How far ahead of a reading another one is not needed. */
const FRESH_MS = 2000;

/** The endpoints of every service, read when somebody asks. */
export class Endpoints implements IEndpoints {
  constructor(services: Services) {
    this._services = services;
  }

  get items(): readonly IEndpointInfo[] {
    return this._items;
  }

  get default(): IEndpointInfo | null {
    return this._items.at(0) ?? null;
  }

  get problem(): string | null {
    return this._problem;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  find(nameOrId: string): IEndpointInfo | undefined {
    const wanted = nameOrId.trim().toLowerCase();
    const by = (
      key: (endpoint: IEndpointInfo) => string
    ): IEndpointInfo | undefined =>
      this._items.find(endpoint => key(endpoint).toLowerCase() === wanted);
    return (
      by(({ id }) => id) ??
      by(({ name }) => name) ??
      by(({ registeredName }) => registeredName)
    );
  }

  refresh(): Promise<void> {
    this._reading ??= this._read().finally(() => {
      this._reading = null;
      this._readAt = Date.now();
      this._changed.emit(undefined);
    });
    return this._reading;
  }

  /**
   * The endpoint a cell asks for, or the default one; reads the list when it
   * is not there, and once more before it says that a name is unknown.
   *
   * @param nameOrId - What `-e` says; `null` for the default.
   */
  async resolve(nameOrId: string | null): Promise<IEndpointInfo | undefined> {
    if (this._items.length === 0) {
      await this.refresh();
    }
    if (nameOrId === null) {
      return this.default ?? undefined;
    }
    const found = this.find(nameOrId);
    if (found || Date.now() - this._readAt < FRESH_MS) {
      return found;
    }
    await this.refresh();
    return this.find(nameOrId);
  }

  private async _read(): Promise<void> {
    try {
      const services = await this._services.all();
      const lists = await Promise.all(services.map(readService));
      this._items = lists.flat();
      this._problem = null;
    } catch (reason) {
      this._problem = reason instanceof Error ? reason.message : String(reason);
    }
  }

  private readonly _services: Services;
  private readonly _changed = new Signal<this, void>(this);
  private _items: readonly IEndpointInfo[] = [];
  private _problem: string | null = null;
  private _reading: Promise<void> | null = null;
  private _readAt = 0;
}

async function readService(service: IService): Promise<IEndpointInfo[]> {
  const endpoints = await service.client.getEndpoints();
  return Promise.all(endpoints.map(endpoint => describe(service, endpoint)));
}

/* One endpoint that does not answer for itself hides no other. */
async function describe(
  { client, profile }: IService,
  { id, name, displayName }: IEndpoint
): Promise<IEndpointInfo> {
  const [status, metadata] = await Promise.allSettled([
    client.getEndpointStatus(id),
    client.getEndpointMetadata(id)
  ]);
  const known = status.status === 'fulfilled' ? status.value : null;
  const workers = known?.details['total_workers'];
  return {
    id,
    name: displayName,
    registeredName: name,
    service: profile.name,
    status: toStatus(known?.status),
    workers: typeof workers === 'number' ? workers : undefined,
    pythonVersion:
      metadata.status === 'fulfilled' ? metadata.value.pythonVersion : undefined
  };
}

function toStatus(status: string | undefined): IEndpointInfo['status'] {
  return status === 'online' || status === 'offline' ? status : 'unknown';
}
