import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import type { ReactElement } from 'react';

import type { IEndpointInfo } from '../tokens';

import type { IAccountDeeds } from './accounts/accountDetails';
import { AccountArea, AccountButtons } from './accounts/accountHead';
import type { AccountsModel } from './accounts/accountsModel';
import type { EndpointsModel } from './endpoints/endpointsModel';
import { VisibleRenderer } from './visibleRenderer';

/** Id of the element that shows more of the accounts. */
const AREA_ID = 'jp-globus-compute-accounts';

/** What the head of the panel needs from its surroundings. */
export interface IPanelHeaderOptions {
  readonly endpoints: EndpointsModel;
  readonly accounts: AccountsModel;
  readonly deeds: IAccountDeeds;
  readonly trans: TranslationBundle;
}

/** The head of the panel: where cells run if nothing is said, and as whom. */
export class PanelHeader extends VisibleRenderer<EndpointsModel> {
  constructor(options: IPanelHeaderOptions) {
    super(options.endpoints);
    this._options = options;
    options.accounts.stateChanged.connect(this.update, this);
    this.addClass('jp-GlobusCompute-panelHeader');
  }

  /** Follow endpoints and accounts no longer. */
  override dispose(): void {
    if (!this.isDisposed) {
      this._options.accounts.stateChanged.disconnect(this.update, this);
      super.dispose();
    }
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._readIfVisible();
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._readIfVisible();
  }

  protected override render(): ReactElement {
    const { endpoints, accounts, deeds, trans } = this._options;
    const status = endpoints.default?.status ?? 'unknown';
    const readiness = describeReadiness(status, trans);
    const text = describeDefault(endpoints, trans);
    const head = { model: accounts, deeds, trans, areaId: AREA_ID };
    return (
      <>
        <div className="jp-GlobusCompute-who">
          <span
            className="jp-GlobusCompute-dot"
            data-status={status}
            role="img"
            aria-label={readiness}
            title={readiness}
          />
          <span className="jp-GlobusCompute-whoText" title={text}>
            {text}
          </span>
          <AccountButtons {...head} />
        </div>
        <AccountArea {...head} />
      </>
    );
  }

  /** Whoever opens the panel wants to see as whom things run now. */
  private _readIfVisible(): void {
    if (this.isVisible) {
      void this._options.accounts.refresh();
    }
  }

  private readonly _options: IPanelHeaderOptions;
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
  if (service.unavailable !== undefined) {
    return trans.__('%1 · cannot be used here', name);
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
