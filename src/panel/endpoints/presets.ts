import type {
  PartialJSONObject,
  ReadonlyJSONObject,
  ReadonlyPartialJSONObject
} from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

/** Where presets are kept: what of JupyterLab's settings they need. */
export interface IPresetStore {
  /** All presets: by id of the endpoint, then by name. */
  readonly composite: ReadonlyPartialJSONObject;
  readonly changed: ISignal<unknown, void>;
  set(key: string, value: PartialJSONObject): Promise<void>;
}

/** Name of the setting. */
const SETTING = 'endpointPresets';

/** Configurations of endpoints that a person has saved, by name. */
export class Presets {
  /**
   * @param store - Where they are kept; `null` where JupyterLab has no
   *   settings: then nothing is saved.
   */
  constructor(store: IPresetStore | null) {
    this._store = store;
  }

  /** Whether presets can be saved. */
  get canSave(): boolean {
    return this._store !== null;
  }

  /** The presets of an endpoint, by name. */
  of(endpointId: string): ReadonlyMap<string, ReadonlyJSONObject> {
    const presets = this._all()[endpointId];
    return new Map(
      isObject(presets)
        ? Object.entries(presets).filter(
            (entry): entry is [string, ReadonlyJSONObject] => isObject(entry[1])
          )
        : []
    );
  }

  /** Keep a configuration under a name, in place of an earlier one. */
  async save(
    endpointId: string,
    name: string,
    config: ReadonlyJSONObject
  ): Promise<void> {
    await this._write(endpointId, this.of(endpointId), [name, config]);
  }

  /** Keep a configuration no longer. */
  async delete(endpointId: string, name: string): Promise<void> {
    const others = new Map(this.of(endpointId));
    others.delete(name);
    await this._write(endpointId, others);
  }

  private async _write(
    endpointId: string,
    presets: ReadonlyMap<string, ReadonlyJSONObject>,
    ...more: [string, ReadonlyJSONObject][]
  ): Promise<void> {
    await this._store?.set(SETTING, {
      ...this._all(),
      [endpointId]: Object.fromEntries([...presets, ...more])
    } as PartialJSONObject);
  }

  private _all(): ReadonlyPartialJSONObject {
    const all = this._store?.composite[SETTING];
    return isObject(all) ? all : {};
  }

  private readonly _store: IPresetStore | null;
}

function isObject(value: unknown): value is ReadonlyJSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
