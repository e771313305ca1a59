import { Signal } from '@lumino/signaling';

import type {
  IFunctionInfo,
  IFunctions,
  IServiceInfo,
  IServices
} from '../../tokens';

/** This computer's service, as the gateway describes it. */
export const LOCAL_SERVICE: IServiceInfo = {
  name: 'local',
  label: 'This computer',
  kind: 'local',
  needsAccount: false,
  features: { cancel: true, events: true }
};

/** A service that one has to sign in to. */
export const CLOUD_SERVICE: IServiceInfo = {
  name: 'cloud',
  label: 'Globus Compute',
  kind: 'cloud',
  needsAccount: true,
  features: { cancel: false, events: false }
};

/** The services a test puts there; the first one is the default. */
export class FakeServices implements IServices {
  constructor(public items: readonly IServiceInfo[] = [LOCAL_SERVICE]) {}

  readonly changed = new Signal<this, void>(this);

  get default(): IServiceInfo | null {
    return this.items.at(0) ?? null;
  }

  find(name: string): IServiceInfo | undefined {
    return this.items.find(service => service.name === name);
  }
}

/** The functions a test puts there. Refuses what the test did not expect. */
export class FakeFunctions implements IFunctions {
  constructor(
    public items: readonly IFunctionInfo[] = [],
    private readonly _calls: Partial<Pick<IFunctions, 'load' | 'delete'>> = {}
  ) {}

  readonly changed = new Signal<this, void>(this);

  find(nameOrId: string): IFunctionInfo | undefined {
    return this.items.find(({ id, name }) => [id, name].includes(nameOrId));
  }

  load(id: string): Promise<IFunctionInfo> {
    return (this._calls.load ?? refuse)(id);
  }

  delete(id: string): Promise<void> {
    return (this._calls.delete ?? refuse)(id);
  }

  /** Have other functions and say so. */
  become(items: readonly IFunctionInfo[]): void {
    this.items = items;
    this.changed.emit();
  }
}

function refuse(id: string): never {
  throw new Error(`Unexpected call for ${id}.`);
}
