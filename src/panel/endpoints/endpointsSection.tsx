import type { TranslationBundle } from '@jupyterlab/translation';
import {
  PanelWithToolbar,
  refreshIcon,
  ToolbarButton
} from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { ReactElement } from 'react';

import { formatCount } from '../../model/format';
import type { IEndpointInfo } from '../../tokens';

import { SectionCount } from '../sectionCount';
import { VisibleRenderer } from '../visibleRenderer';
import { EndpointList } from './endpointList';
import type { EndpointsModel } from './endpointsModel';

/** What the section needs from its surroundings. */
export interface IEndpointsSectionOptions {
  readonly model: EndpointsModel;
  readonly trans: TranslationBundle;
  /** Fill in an endpoint's own configuration. */
  readonly configure: (endpoint: IEndpointInfo) => void;
  /** Sign in to a service; called while the press of a button is handled. */
  readonly signIn: (service: string) => void;
  /** Put text on the clipboard. */
  readonly copy: (text: string) => void;
}

/** The section of the side panel that lists the endpoints. */
export class EndpointsSection extends PanelWithToolbar {
  constructor(options: IEndpointsSectionOptions) {
    super();
    const { model, trans } = options;
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
    this.addWidget(new EndpointsView(options));
  }
}

class EndpointsView extends VisibleRenderer<EndpointsModel> {
  constructor(options: IEndpointsSectionOptions) {
    super(options.model);
    this._options = options;
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
    const { model, trans, configure, signIn, copy } = this._options;
    return (
      <EndpointList
        endpoints={model.items}
        unseen={model.unseen}
        hidden={model.hidden}
        showsHidden={model.showsHidden}
        services={model.services}
        expanded={model.expanded}
        defaultId={model.default?.id}
        hasNotebook={model.notebookPath !== null}
        problem={model.problem}
        isRefreshing={model.isRefreshing}
        trans={trans}
        onRefresh={() => void model.refresh()}
        onToggle={id => {
          model.toggle(id);
        }}
        onDefault={id => {
          model.chooseDefault(id);
        }}
        onHide={(id, isHidden) => {
          model.setHidden(id, isHidden);
        }}
        onShowHidden={showsHidden => {
          model.showsHidden = showsHidden;
        }}
        onRemove={id => {
          model.remove(id);
        }}
        onAdd={(id, service) => model.add(id, service)}
        onConfigure={configure}
        onSignIn={signIn}
        onCopy={copy}
      />
    );
  }

  /** Whoever opens the list wants to see how the endpoints are now. */
  private _readIfVisible(): void {
    if (this.isVisible) {
      void this._options.model.refresh();
    }
  }

  private readonly _options: IEndpointsSectionOptions;
}
