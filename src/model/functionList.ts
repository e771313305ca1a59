import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IFunctionRecord } from '../sdk';
import type { IBatch, IBatches, IFunctionInfo, IFunctions } from '../tokens';
import type { IRegisteredFunction } from './registeredFunctions';
import { RegisteredFunctions } from './registeredFunctions';
import type { Services } from './services';

/** What was read of a function from its service. */
type FunctionFacts = Omit<IFunctionInfo, 'id' | 'service' | 'used' | 'batches'>;

/**
 * The functions that the known batches use, and those that were registered
 * from here, with what their service says.
 */
export class FunctionList implements IFunctions {
  constructor(
    services: Pick<Services, 'get'>,
    batches: Pick<IBatches, 'items' | 'changed'>,
    registered = new RegisteredFunctions()
  ) {
    this._services = services;
    this._batches = batches;
    this._registered = registered;
    registered.changed.connect(this._onChanged, this);
    batches.changed.connect(this._onBatchesChanged, this);
  }

  get items(): readonly IFunctionInfo[] {
    return (this._items ??= this._collect());
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  find(nameOrId: string): IFunctionInfo | undefined {
    return (
      this.items.find(({ id }) => id === nameOrId) ??
      this.items.find(({ name }) => name === nameOrId)
    );
  }

  /** Take in a function that was registered, and that no batch uses yet. */
  add(registered: Omit<IRegisteredFunction, 'used'>): void {
    this._deleted.delete(registered.id);
    this._registered.add(registered);
  }

  async load(id: string): Promise<IFunctionInfo> {
    const { service } = this._require(id);
    const { client } = await this._services.get(service);
    this._facts.set(
      id,
      readFacts(
        await client.getFunction(id),
        await client.getFunctionSource(id)
      )
    );
    this._onChanged();
    return this._require(id);
  }

  async delete(id: string): Promise<void> {
    const { service } = this._require(id);
    const { client } = await this._services.get(service);
    await client.deleteFunction(id);
    this._deleted.add(id);
    this._registered.remove(id);
    this._onChanged();
  }

  private _require(id: string): IFunctionInfo {
    const info = this.items.find(item => item.id === id);
    if (!info) {
      throw new Error('This function is not known any more.');
    }
    return info;
  }

  /** Newest batches come first, so the last use of a function is met first. */
  private _collect(): IFunctionInfo[] {
    const users = new Map<string, IBatch[]>();
    for (const batch of this._batches.items) {
      for (const id of batch.functionIds) {
        const known = users.get(id);
        if (known) {
          known.push(batch);
        } else if (!this._deleted.has(id)) {
          users.set(id, [batch]);
        }
      }
    }
    const unused = this._registered.items.filter(
      ({ id }) => !users.has(id) && !this._deleted.has(id)
    );
    const used: IFunctionInfo[] = [...users].map(([id, batches]) => ({
      // A batch of one function has its name, unless `--name` says otherwise.
      name: this._registered.find(id)?.name ?? batches[0].title,
      source: null,
      ...this._facts.get(id),
      id,
      service: batches[0].service,
      used: batches[0].created,
      batches: batches.map(batch => batch.id)
    }));
    const uncalled: IFunctionInfo[] = unused.map(info => ({
      source: null,
      ...info,
      ...this._facts.get(info.id),
      batches: []
    }));
    return [...uncalled, ...used].sort((a, b) => b.used - a.used);
  }

  private _onBatchesChanged(): void {
    // The list follows from which batches there are, not from their progress.
    const key = this._batches.items
      .map(({ id, functionIds }) => `${id}:${functionIds.length}`)
      .join();
    if (key !== this._key) {
      this._key = key;
      this._onChanged();
    }
  }

  private _onChanged(): void {
    this._items = null;
    this._changed.emit(undefined);
  }

  private readonly _services: Pick<Services, 'get'>;
  private readonly _batches: Pick<IBatches, 'items' | 'changed'>;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _facts = new Map<string, FunctionFacts>();
  private readonly _registered: RegisteredFunctions;
  private readonly _deleted = new Set<string>();
  private _items: IFunctionInfo[] | null = null;
  private _key = '';
}

function readFacts(
  record: IFunctionRecord,
  source: string | null
): FunctionFacts {
  const { metadata, description } = record;
  const group = metadata['group'];
  const isPublic = metadata['public'];
  return {
    name: nameIn(description) ?? record.name,
    source,
    description,
    ...(typeof isPublic === 'boolean' && { isPublic }),
    ...(typeof group === 'string' && group !== '' && { group })
  };
}

/* A cell registers a wrapper; what it is called stands in the description. */
function nameIn(description: string | undefined): string | undefined {
  return /^(\S+), from a notebook cell$/.exec(description ?? '')?.[1];
}
