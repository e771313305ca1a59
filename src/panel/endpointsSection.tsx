import type { TranslationBundle } from '@jupyterlab/translation';
import {
  PanelWithToolbar,
  refreshIcon,
  ToolbarButton
} from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { ReactElement } from 'react';

import { formatCount } from '../model/format';

import { EndpointList } from './endpointList';
import type { EndpointsModel } from './endpointsModel';
import { SectionCount } from './sectionCount';
import { VisibleRenderer } from './visibleRenderer';

/** What the section needs from its surroundings. */
export interface IEndpointsSectionOptions {
  readonly model: EndpointsModel;
  readonly trans: TranslationBundle;
}

/** The section of the side panel that lists the endpoints. */
export class EndpointsSection extends PanelWithToolbar {
  constructor({ model, trans }: IEndpointsSectionOptions) {
    super();
    this.addClass('jp-GlobusCompute-section');
    this.title.label = trans.__('Endpoints');
    this.toolbar.addItem(
      'count',
      new SectionCount(model, () =>
        model.items.length > 0 ? formatCount(model.items.length) : ''
      )
    );
    this.toolbar.addItem(
      'refresh',
      new ToolbarButton({
        icon: refreshIcon,
        tooltip: trans.__('Refresh the endpoints'),
        onClick: () => void model.refresh()
      })
    );
    this.addWidget(new EndpointsView(model, trans));
  }
}

class EndpointsView extends VisibleRenderer<EndpointsModel> {
  constructor(model: EndpointsModel, trans: TranslationBundle) {
    super(model);
    this._endpoints = model;
    this._trans = trans;
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
    const { items, problem, isRefreshing } = this._endpoints;
    return (
      <EndpointList
        endpoints={items}
        defaultId={this._endpoints.default?.id}
        problem={problem}
        isRefreshing={isRefreshing}
        trans={this._trans}
        onRefresh={() => void this._endpoints.refresh()}
      />
    );
  }

  /** Whoever opens the list wants to see how the endpoints are now. */
  private _readIfVisible(): void {
    if (this.isVisible) {
      void this._endpoints.refresh();
    }
  }

  private readonly _endpoints: EndpointsModel;
  private readonly _trans: TranslationBundle;
}
