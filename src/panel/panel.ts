import type { ITranslator } from '@jupyterlab/translation';
import { SidePanel } from '@jupyterlab/ui-components';
import { AccordionPanel } from '@lumino/widgets';

import { TRANSLATION_DOMAIN } from '../model/format';
import type { IBatch, IBatches, IEndpoints } from '../tokens';

import { BatchesModel } from './batchesModel';
import { BatchesSection } from './batchesSection';
import { EndpointsModel } from './endpointsModel';
import { EndpointsSection } from './endpointsSection';
import { computeIcon } from './icon';
import { PanelHeader } from './panelHeader';

/** Id of the side panel's widget. */
export const PANEL_ID = 'jp-globus-compute-panel';

/* Batches are many, endpoints few. */
const SECTION_SIZES = [3, 1];

/** What the side panel needs from its surroundings. */
export interface IComputePanelOptions {
  readonly batches: IBatches;
  readonly endpoints: IEndpoints;
  readonly translator: ITranslator;
  /** Show the cell, and its line, counted from 1, if given. */
  readonly onGoToCell: (batch: IBatch, line?: number) => void;
}

/** The side panel: what runs, what ran, and where things can run. */
export class ComputePanel extends SidePanel {
  constructor(options: IComputePanelOptions) {
    super({ translator: options.translator });
    const trans = options.translator.load(TRANSLATION_DOMAIN);
    this._batches = new BatchesModel(options.batches);
    this._endpoints = new EndpointsModel(options.endpoints);
    this.id = PANEL_ID;
    this.addClass('jp-GlobusCompute-panel');
    this.title.icon = computeIcon;
    this.title.caption = trans.__('Globus Compute');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Globus Compute'));
    this.header.addWidget(new PanelHeader(this._endpoints, trans));
    this.addWidget(
      new BatchesSection({
        model: this._batches,
        trans,
        onGoToCell: options.onGoToCell
      })
    );
    this.addWidget(new EndpointsSection({ model: this._endpoints, trans }));
    if (this.content instanceof AccordionPanel) {
      this.content.setRelativeSizes(SECTION_SIZES);
    }
  }

  /** Follow batches and endpoints no longer. */
  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._batches.dispose();
    this._endpoints.dispose();
    super.dispose();
  }

  private readonly _batches: BatchesModel;
  private readonly _endpoints: EndpointsModel;
}
