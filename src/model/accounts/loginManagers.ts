import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { ILoginManager } from '../../sdk';
import type { ILoginManagers } from '../../tokens';

/** The login managers that other extensions gave. */
export class LoginManagers implements ILoginManagers {
  /** Emitted with the service's name when it gets another one, or none. */
  get changed(): ISignal<this, string> {
    return this._changed;
  }

  /** The login manager of a service, if one was given. */
  get(service: string): ILoginManager | undefined {
    return this._managers.get(service);
  }

  add(service: string, manager: ILoginManager): IDisposable {
    if (this._managers.has(service)) {
      throw new Error(
        `The service "${service}" has a login manager of another extension already. Disable one of the two.`
      );
    }
    this._managers.set(service, manager);
    this._changed.emit(service);
    return new DisposableDelegate(() => {
      this._managers.delete(service);
      this._changed.emit(service);
    });
  }

  private readonly _managers = new Map<string, ILoginManager>();
  private readonly _changed = new Signal<this, string>(this);
}
