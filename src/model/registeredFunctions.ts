import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** A function that a person registered from a cell. */
export interface IRegisteredFunction {
  readonly id: string;
  /** Name of its service, which the server's configuration explains. */
  readonly service: string;
  readonly name: string;
  /** When, in seconds since the epoch. */
  readonly used: number;
}

/** How many are remembered, the newest first. */
const MAX_FUNCTIONS = 100;

/** Functions that were registered and may not have been called yet. */
export class RegisteredFunctions {
  get items(): readonly IRegisteredFunction[] {
    return this._items;
  }

  /** Emitted when a person registered or deleted one, for whoever keeps them. */
  get chosen(): ISignal<
    this,
    { readonly registered: readonly IRegisteredFunction[] }
  > {
    return this._chosen;
  }

  /** Emitted when they changed, by a person or when they were read. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  find(id: string): IRegisteredFunction | undefined {
    return this._items.find(item => item.id === id);
  }

  /** Take in those that were kept; of what is malformed nothing. */
  read(kept: unknown): void {
    const { registered } = kept as { registered?: unknown };
    const items: unknown[] = Array.isArray(registered) ? registered : [];
    this._items = items.filter(isRegisteredFunction);
    this._changed.emit(undefined);
  }

  /** Remember one that has just been registered. */
  add(registered: Omit<IRegisteredFunction, 'used'>): void {
    const { id, service, name } = registered;
    const newest = { id, service, name, used: Date.now() / 1000 };
    this._choose([newest, ...this._without(id)].slice(0, MAX_FUNCTIONS));
  }

  /** Forget one that is deleted. */
  remove(id: string): void {
    if (this.find(id)) {
      this._choose(this._without(id));
    }
  }

  private _without(id: string): IRegisteredFunction[] {
    return this._items.filter(item => item.id !== id);
  }

  private _choose(items: readonly IRegisteredFunction[]): void {
    this._items = items;
    this._chosen.emit({ registered: items });
    this._changed.emit(undefined);
  }

  private _items: readonly IRegisteredFunction[] = [];
  private readonly _chosen = new Signal<
    this,
    { readonly registered: readonly IRegisteredFunction[] }
  >(this);
  private readonly _changed = new Signal<this, void>(this);
}

function isRegisteredFunction(item: unknown): item is IRegisteredFunction {
  const { id, service, name, used } = (item ?? {}) as Record<string, unknown>;
  return (
    [id, service, name].every(text => typeof text === 'string') &&
    typeof used === 'number'
  );
}
