import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { IEndpointInfo } from '../tokens';

import type { EndpointsModel } from './endpointsModel';
import { VisibleRenderer } from './visibleRenderer';

/** The first line of the panel: where cells run if nothing else is said. */
export class PanelHeader extends VisibleRenderer<EndpointsModel> {
  constructor(model: EndpointsModel, trans: TranslationBundle) {
    super(model);
    this._endpoints = model;
    this._trans = trans;
    this.addClass('jp-GlobusCompute-panelHeader');
  }

  protected override render(): ReactElement {
    const endpoint = this._endpoints.default;
    const trans = this._trans;
    const status = endpoint?.status ?? 'unknown';
    return (
      <>
        <span
          className="jp-GlobusCompute-dot"
          data-status={status}
          role="img"
          aria-label={describeReadiness(status, trans)}
          title={describeReadiness(status, trans)}
        />
        <span>
          {trans.__(
            '%1 · no account needed',
            endpoint?.name ?? trans.__('This computer')
          )}
        </span>
      </>
    );
  }

  private readonly _endpoints: EndpointsModel;
  private readonly _trans: TranslationBundle;
}

function describeReadiness(
  status: IEndpointInfo['status'],
  trans: TranslationBundle
): string {
  switch (status) {
    case 'online':
      return trans.__('Ready');
    case 'offline':
      return trans.__('Not running');
    case 'unknown':
      return trans.__('Starts when it is needed');
  }
}
