import { VDomModel } from '@jupyterlab/ui-components';

import type { IAccounts, IFunctionInfo, IFunctions } from '../../tokens';

/** What the list of functions shows. */
export class FunctionsModel extends VDomModel {
  /**
   * @param functions - The functions that were registered or used here.
   * @param accounts - Know the names of groups.
   */
  constructor(
    functions: IFunctions,
    accounts: Pick<IAccounts, 'groups' | 'renewed'>
  ) {
    super();
    this._functions = functions;
    this._accounts = accounts;
    functions.changed.connect(this._onChanged, this);
    accounts.renewed.connect(this._onRenewed, this);
  }

  /** The functions, the last used one first. */
  get items(): readonly IFunctionInfo[] {
    return this._functions.items;
  }

  /** Ids of the functions of which more is shown. */
  get expanded(): ReadonlySet<string> {
    return this._expanded;
  }

  /** Why a function could not be read or deleted, in words. */
  get problem(): string | null {
    return this._problem;
  }

  /** What a function's group is called; its id where that is not known. */
  groupOf({ service, group }: IFunctionInfo): string | undefined {
    if (group === undefined) {
      return undefined;
    }
    if (!this._groups.has(service)) {
      this._groups.set(service, new Map());
      void this._readGroups(service);
    }
    return this._groups.get(service)?.get(group.toLowerCase()) ?? group;
  }

  /** Show more of a function, or no longer; reads what is not known of it. */
  toggle(id: string): void {
    if (this._expanded.delete(id)) {
      this._onChanged();
      return;
    }
    this._expanded.add(id);
    this._onChanged();
    void this._try(this._functions.load(id));
  }

  /** Delete a function from its service. */
  delete(id: string): Promise<void> {
    return this._try(this._functions.delete(id));
  }

  /** Follow the functions no longer. */
  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._functions.changed.disconnect(this._onChanged, this);
    this._accounts.renewed.disconnect(this._onRenewed, this);
    super.dispose();
  }

  private async _readGroups(service: string): Promise<void> {
    try {
      const groups = await this._accounts.groups(service);
      this._groups.set(
        service,
        new Map(groups.map(({ id, name }) => [id.toLowerCase(), name]))
      );
      this._onChanged();
    } catch {
      // Without a consent to read them, groups have ids and no names.
    }
  }

  private async _try(deed: Promise<unknown>): Promise<void> {
    try {
      await deed;
      this._problem = null;
    } catch (reason) {
      this._problem = reason instanceof Error ? reason.message : String(reason);
    }
    this._onChanged();
  }

  /** Somebody else may be in other groups. */
  private _onRenewed(_: unknown, service: string): void {
    this._groups.delete(service);
    this._onChanged();
  }

  private _onChanged(): void {
    this.stateChanged.emit();
  }

  private readonly _functions: IFunctions;
  private readonly _accounts: Pick<IAccounts, 'groups' | 'renewed'>;
  private readonly _groups = new Map<string, ReadonlyMap<string, string>>();
  private readonly _expanded = new Set<string>();
  private _problem: string | null = null;
}
