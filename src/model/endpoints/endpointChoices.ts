import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** An endpoint that a person added by its id. */
interface IAddedEndpoint {
  readonly id: string;
  /** Name of its service, which the server's configuration explains. */
  readonly service: string;
}

/** What a person chose about endpoints: ids and names, never addresses. */
export interface IEndpointChoices {
  readonly added: readonly IAddedEndpoint[];
  /** Ids of the endpoints not to be offered. */
  readonly hidden: readonly string[];
  /** Ids of the endpoints that notebooks use, by the notebooks' paths. */
  readonly defaults: Readonly<Record<string, string>>;
}

const NOTHING: IEndpointChoices = { added: [], hidden: [], defaults: {} };

/** What a person chose about endpoints, and a word when it changes. */
export class EndpointChoices {
  get value(): IEndpointChoices {
    return this._value;
  }

  /** Emitted when a person chose, for whoever keeps the choices. */
  get chosen(): ISignal<this, IEndpointChoices> {
    return this._chosen;
  }

  /** Emitted when the choices changed, by a person or when they were read. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Take in the choices that were kept; of what is malformed nothing. */
  read(kept: unknown): void {
    const { added, hidden, defaults } = asRecord(kept);
    this._value = {
      added: asList(added).flatMap(item => {
        const { id, service } = asRecord(item);
        return typeof id === 'string' && typeof service === 'string'
          ? [{ id, service }]
          : [];
      }),
      hidden: asList(hidden).filter(id => typeof id === 'string'),
      defaults: Object.fromEntries(
        Object.entries(asRecord(defaults)).filter(
          (entry): entry is [string, string] => typeof entry[1] === 'string'
        )
      )
    };
    this._changed.emit(undefined);
  }

  /** Choose otherwise. */
  choose(change: Partial<IEndpointChoices>): void {
    this._value = { ...this._value, ...change };
    this._chosen.emit(this._value);
    this._changed.emit(undefined);
  }

  /**
   * Keep what was chosen for a notebook, or for all below a folder, when it is
   * moved.
   *
   * @param from - Path before, relative to the server's root.
   * @param to - Path after.
   */
  move(from: string, to: string): void {
    const isMoved = (path: string): boolean =>
      path === from || path.startsWith(`${from}/`);
    const entries = Object.entries(this._value.defaults);
    if (entries.some(([path]) => isMoved(path))) {
      this.choose({
        defaults: Object.fromEntries(
          entries.map(([path, id]) => [
            isMoved(path) ? to + path.slice(from.length) : path,
            id
          ])
        )
      });
    }
  }

  private _value = NOTHING;
  private readonly _chosen = new Signal<this, IEndpointChoices>(this);
  private readonly _changed = new Signal<this, void>(this);
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)
    : {};
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
