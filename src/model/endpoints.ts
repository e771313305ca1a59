import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IEndpoint } from '../sdk';
import type { IEndpointInfo, IEndpoints } from '../tokens';
import { EndpointChoices } from './endpointChoices';
import type { IService, Services } from './services';

/* How far ahead of a reading another one is not needed. */
const FRESH_MS = 2000;

/** The endpoints of every service, read when somebody asks. */
export class Endpoints implements IEndpoints {
  constructor(
    services: Pick<Services, 'all' | 'get'>,
    choices = new EndpointChoices()
  ) {
    this._services = services;
    this._choices = choices;
    choices.changed.connect(this._onChosen, this);
  }

  get items(): readonly IEndpointInfo[] {
    return this._offered;
  }

  get hidden(): readonly IEndpointInfo[] {
    const { hidden } = this._choices.value;
    return this._items.filter(({ id }) => hidden.includes(id));
  }

  get default(): IEndpointInfo | null {
    return this._offered.at(0) ?? null;
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

  defaultFor(notebookPath: string): IEndpointInfo | null {
    const { defaults } = this._choices.value;
    const chosen = Object.hasOwn(defaults, notebookPath)
      ? this.find(defaults[notebookPath])
      : undefined;
    return chosen ?? this.default;
  }

  setDefaultFor(notebookPath: string, id: string | null): void {
    const others = Object.entries(this._choices.value.defaults).filter(
      ([path]) => path !== notebookPath
    );
    this._choices.choose({
      defaults: Object.fromEntries(
        id === null ? others : [...others, [notebookPath, id]]
      )
    });
  }

  async add(id: string, service: string): Promise<IEndpointInfo> {
    const place = await this._services.get(service);
    const { name, displayName } = await place.client.getEndpointMetadata(id);
    const endpoint = await describe(place, { id, name, displayName }, true);
    const { added } = this._choices.value;
    if (!this.find(id)) {
      this._items = [...this._items, endpoint];
      this._choices.choose({ added: [...added, { id, service }] });
    }
    return endpoint;
  }

  remove(id: string): void {
    const { added } = this._choices.value;
    this._items = this._items.filter(item => item.id !== id || !item.isAdded);
    this._choices.choose({ added: added.filter(item => item.id !== id) });
  }

  setHidden(id: string, isHidden: boolean): void {
    const others = this._choices.value.hidden.filter(item => item !== id);
    this._choices.choose({ hidden: isHidden ? [...others, id] : others });
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
   * @param notebookPath - The notebook whose default it is.
   */
  async resolve(
    nameOrId: string | null,
    notebookPath = ''
  ): Promise<IEndpointInfo | undefined> {
    if (this._items.length === 0) {
      await this.refresh();
    }
    if (nameOrId === null) {
      return this.defaultFor(notebookPath) ?? undefined;
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
      const outcomes = await Promise.allSettled(
        services.map(service => this._readService(service))
      );
      this._items = outcomes.flatMap(outcome =>
        outcome.status === 'fulfilled' ? outcome.value : []
      );
      const failure = outcomes.find(({ status }) => status === 'rejected');
      this._problem = failure
        ? messageOf((failure as PromiseRejectedResult).reason)
        : null;
    } catch (reason) {
      this._problem = messageOf(reason);
    }
    this._sort();
  }

  private async _readService(service: IService): Promise<IEndpointInfo[]> {
    const listed = await service.client.getEndpoints();
    const known = new Set(listed.map(({ id }) => id));
    const added = this._choices.value.added.filter(
      ({ id, service: name }) => name === service.profile.name && !known.has(id)
    );
    return Promise.all([
      ...listed.map(endpoint => describe(service, endpoint)),
      ...added.map(({ id }) =>
        describe(service, { id, name: id, displayName: id }, true)
      )
    ]);
  }

  private _sort(): void {
    const { hidden } = this._choices.value;
    this._offered = this._items.filter(({ id }) => !hidden.includes(id));
  }

  private _onChosen(): void {
    this._sort();
    this._changed.emit(undefined);
  }

  private readonly _services: Pick<Services, 'all' | 'get'>;
  private readonly _choices: EndpointChoices;
  private readonly _changed = new Signal<this, void>(this);
  private _items: readonly IEndpointInfo[] = [];
  private _offered: readonly IEndpointInfo[] = [];
  private _problem: string | null = null;
  private _reading: Promise<void> | null = null;
  private _readAt = 0;
}

/* One endpoint that does not answer for itself hides no other. */
async function describe(
  { client, profile }: IService,
  { id, name, displayName }: IEndpoint,
  isAdded = false
): Promise<IEndpointInfo> {
  const [status, metadata] = await Promise.allSettled([
    client.getEndpointStatus(id),
    client.getEndpointMetadata(id)
  ]);
  const known = status.status === 'fulfilled' ? status.value : null;
  const facts = metadata.status === 'fulfilled' ? metadata.value : null;
  const count = (name: string): number | undefined => {
    const value = known?.details[name];
    return typeof value === 'number' ? value : undefined;
  };
  return {
    id,
    name: isAdded ? (facts?.displayName ?? displayName) : displayName,
    registeredName: isAdded ? (facts?.name ?? name) : name,
    service: profile.name,
    status: toStatus(known?.status),
    workers: count('total_workers'),
    idleWorkers: count('idle_workers'),
    pendingTasks: count('pending_tasks'),
    pythonVersion: facts?.pythonVersion,
    endpointVersion: facts?.endpointVersion,
    description: facts?.description,
    userConfigSchema: facts?.userConfigSchema,
    details: known?.details,
    ...(isAdded && { isAdded })
  };
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

function toStatus(status: string | undefined): IEndpointInfo['status'] {
  return status === 'online' || status === 'offline' ? status : 'unknown';
}
