import { VDomModel } from '@jupyterlab/ui-components';

import type {
  IEndpointInfo,
  IEndpoints,
  IServiceInfo,
  IServices,
  IUnseenService
} from '../../tokens';

/** What the list of endpoints shows. */
export class EndpointsModel extends VDomModel {
  /**
   * @param endpoints - The endpoints this JupyterLab can reach.
   * @param services - The services they belong to.
   */
  constructor(endpoints: IEndpoints, services: IServices) {
    super();
    this._endpoints = endpoints;
    this._services = services;
    endpoints.changed.connect(this._onChanged, this);
    services.changed.connect(this._onChanged, this);
  }

  /** The endpoints, in the order in which they are offered. */
  get items(): readonly IEndpointInfo[] {
    return this._endpoints.items;
  }

  /** The endpoints that are not offered. */
  get hidden(): readonly IEndpointInfo[] {
    return this._endpoints.hidden;
  }

  /** The services whose endpoints are seen after signing in. */
  get unseen(): readonly IUnseenService[] {
    return this._endpoints.unseen;
  }

  /** Whether those that are not offered are listed too. */
  get showsHidden(): boolean {
    return this._showsHidden;
  }
  set showsHidden(showsHidden: boolean) {
    this._showsHidden = showsHidden;
    this._onChanged();
  }

  /** Path of the notebook a person is in; `null` while there is none. */
  get notebookPath(): string | null {
    return this._notebookPath;
  }
  set notebookPath(path: string | null) {
    if (path !== this._notebookPath) {
      this._notebookPath = path;
      this._onChanged();
    }
  }

  /** Where a cell without `-e` runs; `null` until that is known. */
  get default(): IEndpointInfo | null {
    return this._notebookPath === null
      ? this._endpoints.default
      : this._endpoints.defaultFor(this._notebookPath);
  }

  /** The service of the default endpoint, or else the default one. */
  get defaultService(): IServiceInfo | null {
    const name = this.default?.service;
    return (
      (name === undefined ? undefined : this._services.find(name)) ??
      this._services.default
    );
  }

  /** The services that endpoints can be added from. */
  get services(): readonly IServiceInfo[] {
    return this._services.items;
  }

  /** Why the last reading failed, in words; `null` if it did not. */
  get problem(): string | null {
    return this._endpoints.problem;
  }

  /** Whether the endpoints are being read. */
  get isRefreshing(): boolean {
    return this._isRefreshing;
  }

  /** Ids of the endpoints of which more is shown. */
  get expanded(): ReadonlySet<string> {
    return this._expanded;
  }

  /** Show more of an endpoint, or no longer. */
  toggle(id: string): void {
    if (!this._expanded.delete(id)) {
      this._expanded.add(id);
    }
    this._onChanged();
  }

  /** Let the cells of the current notebook run there that name no endpoint. */
  chooseDefault(id: string | null): void {
    if (this._notebookPath !== null) {
      this._endpoints.setDefaultFor(this._notebookPath, id);
    }
  }

  /** Offer an endpoint no longer, or again. */
  setHidden(id: string, isHidden: boolean): void {
    this._endpoints.setHidden(id, isHidden);
  }

  /**
   * Offer an endpoint that its service does not list.
   *
   * @throws ComputeError when the service does not know it.
   */
  async add(id: string, service: string): Promise<void> {
    await this._endpoints.add(id, service);
  }

  /** Offer an endpoint that was added no longer. */
  remove(id: string): void {
    this._endpoints.remove(id);
  }

  /** Read the endpoints again; a call during a reading joins it. */
  async refresh(): Promise<void> {
    if (this._isRefreshing) {
      return;
    }
    this._setRefreshing(true);
    try {
      await this._endpoints.refresh();
    } finally {
      this._setRefreshing(false);
    }
  }

  /** Follow the endpoints no longer. */
  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._endpoints.changed.disconnect(this._onChanged, this);
    this._services.changed.disconnect(this._onChanged, this);
    super.dispose();
  }

  private _setRefreshing(isRefreshing: boolean): void {
    this._isRefreshing = isRefreshing;
    this._onChanged();
  }

  private _onChanged(): void {
    this.stateChanged.emit();
  }

  private readonly _endpoints: IEndpoints;
  private readonly _services: IServices;
  private readonly _expanded = new Set<string>();
  private _notebookPath: string | null = null;
  private _isRefreshing = false;
  private _showsHidden = false;
}
