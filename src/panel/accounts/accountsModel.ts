import { VDomModel } from '@jupyterlab/ui-components';

import type { Diagnoses, IDiagnosis } from '../../model/diagnoses';
import type { IAccountInfo, IAccounts, IServices } from '../../tokens';

/** What the head of the panel shows of accounts. */
export class AccountsModel extends VDomModel {
  /**
   * @param accounts - As whom the services are used.
   * @param services - The services they are of.
   * @param diagnoses - What was found out about connections.
   */
  constructor(
    accounts: IAccounts,
    services: IServices,
    diagnoses: Pick<Diagnoses, 'get' | 'changed'>
  ) {
    super();
    this._accounts = accounts;
    this._services = services;
    this._diagnoses = diagnoses;
    accounts.changed.connect(this._onChanged, this);
    services.changed.connect(this._onChanged, this);
    diagnoses.changed.connect(this._onDiagnosis, this);
  }

  /** The accounts, one for each service. */
  get items(): readonly IAccountInfo[] {
    return this._accounts.items;
  }

  /** The accounts of services that ask who one is. */
  get needed(): readonly IAccountInfo[] {
    return this.items.filter(({ state }) => state !== 'not-needed');
  }

  /** The account that is told of first: one that is in use, if any is. */
  get main(): IAccountInfo | null {
    const { needed } = this;
    return (
      needed.find(({ state }) => state === 'signed-in') ?? needed.at(0) ?? null
    );
  }

  /** Why the accounts could not be read, in words; `null` if they could. */
  get problem(): string | null {
    return this._accounts.problem;
  }

  /** Whether more is shown of the accounts. */
  get isOpen(): boolean {
    return this._isOpen;
  }

  /** Show more of the accounts, or no longer. */
  toggle(): void {
    this._isOpen = !this._isOpen;
    this._onChanged();
  }

  /** What people call a service. */
  labelOf(service: string): string {
    return this._services.find(service)?.label ?? service;
  }

  /** What was found out about the connection to a service. */
  diagnosisOf(service: string): IDiagnosis | undefined {
    return this._diagnoses.get(service);
  }

  /** Read the accounts again. */
  refresh(): Promise<void> {
    return this._accounts.refresh();
  }

  /** Follow the accounts no longer. */
  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._accounts.changed.disconnect(this._onChanged, this);
    this._services.changed.disconnect(this._onChanged, this);
    this._diagnoses.changed.disconnect(this._onDiagnosis, this);
    super.dispose();
  }

  /** A diagnosis is asked for to be seen. */
  private _onDiagnosis(_: unknown, service: string): void {
    this._isOpen ||= this.diagnosisOf(service) !== undefined;
    this._onChanged();
  }

  private _onChanged(): void {
    this.stateChanged.emit();
  }

  private readonly _accounts: IAccounts;
  private readonly _services: IServices;
  private readonly _diagnoses: Pick<Diagnoses, 'get' | 'changed'>;
  private _isOpen = false;
}
