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
    const trans = this._trans;
    const status = this._endpoints.default?.status ?? 'unknown';
    const readiness = describeReadiness(status, trans);
    return (
      <>
        <span
          className="jp-GlobusCompute-dot"
          data-status={status}
          role="img"
          aria-label={readiness}
          title={readiness}
        />
        <span>{describeDefault(this._endpoints, trans)}</span>
      </>
    );
  }

  private readonly _endpoints: EndpointsModel;
  private readonly _trans: TranslationBundle;
}

/** Where cells run, and whether one has to sign in for that. */
function describeDefault(
  model: EndpointsModel,
  trans: TranslationBundle
): string {
  const service = model.defaultService;
  const name =
    model.default?.name ?? service?.label ?? trans.__('Looking for services…');
  if (!service) {
    return name;
  }
  return service.needsAccount
    ? trans.__('%1 · account of %2', name, service.label)
    : trans.__('%1 · no account needed', name);
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
