import { VDomModel } from '@jupyterlab/ui-components';

import type { IEndpointInfo, IEndpoints } from '../tokens';

/** What the list of endpoints shows. */
export class EndpointsModel extends VDomModel {
  /**
   * @param endpoints - The endpoints this JupyterLab can reach.
   */
  constructor(endpoints: IEndpoints) {
    super();
    this._endpoints = endpoints;
    endpoints.changed.connect(this._onEndpointsChanged, this);
  }

  /** The endpoints, in the order in which they are offered. */
  get items(): readonly IEndpointInfo[] {
    return this._endpoints.items;
  }

  /** Where a cell without `-e` runs; `null` until that is known. */
  get default(): IEndpointInfo | null {
    return this._endpoints.default;
  }

  /** Why the last reading failed, in words; `null` if it did not. */
  get problem(): string | null {
    return this._endpoints.problem;
  }

  /** Whether the endpoints are being read. */
  get isRefreshing(): boolean {
    return this._isRefreshing;
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
    this._endpoints.changed.disconnect(this._onEndpointsChanged, this);
    super.dispose();
  }

  private _setRefreshing(isRefreshing: boolean): void {
    this._isRefreshing = isRefreshing;
    this.stateChanged.emit();
  }

  private _onEndpointsChanged(): void {
    this.stateChanged.emit();
  }

  private readonly _endpoints: IEndpoints;
  private _isRefreshing = false;
}
