import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IAccounts, ICheckStep } from '../tokens';

/** What was found out about a connection. */
export interface IDiagnosis {
  readonly isRunning: boolean;
  /** The steps; empty until they have been tried. */
  readonly steps: readonly ICheckStep[];
  /** Why nothing could be tried, in words; `null` if it could. */
  readonly problem: string | null;
}

/** How far requests to services get, the last time somebody asked. */
export class Diagnoses {
  constructor(accounts: Pick<IAccounts, 'check'>) {
    this._accounts = accounts;
  }

  /**
   * Emitted with the service's name when a diagnosis began, ended or was
   * forgotten.
   */
  get changed(): ISignal<this, string> {
    return this._changed;
  }

  /** The last diagnosis of a service, if there is one. */
  get(service: string): IDiagnosis | undefined {
    return this._diagnoses.get(service);
  }

  /**
   * Find out how far requests to a service get; never rejects.
   *
   * @param endpoint - UUID of the endpoint to run a sample task on, if any.
   */
  async run(service: string, endpoint: string | null): Promise<void> {
    if (this.get(service)?.isRunning) {
      return;
    }
    this._set(service, { isRunning: true, steps: [], problem: null });
    try {
      const steps = await this._accounts.check(service, endpoint);
      this._set(service, { isRunning: false, steps, problem: null });
    } catch (reason) {
      const problem = reason instanceof Error ? reason.message : String(reason);
      this._set(service, { isRunning: false, steps: [], problem });
    }
  }

  /** Forget what was found out, as of another login. */
  forget(service: string): void {
    if (this._diagnoses.delete(service)) {
      this._changed.emit(service);
    }
  }

  private _set(service: string, diagnosis: IDiagnosis): void {
    this._diagnoses.set(service, diagnosis);
    this._changed.emit(service);
  }

  private readonly _accounts: Pick<IAccounts, 'check'>;
  private readonly _diagnoses = new Map<string, IDiagnosis>();
  private readonly _changed = new Signal<this, string>(this);
}
