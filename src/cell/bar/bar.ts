import type { ICodeCellModel } from '@jupyterlab/cells';

import type { IBarServices } from './barModel';
import { BarModel } from './barModel';
import { FoldingToolbar } from './foldingToolbar';

/**
 * The bar of one `%%compute` cell: where it runs, and what it is doing. Its
 * items come from the settings.
 */
export class ComputeBar extends FoldingToolbar {
  /**
   * @param path - Where the cell's notebook is now.
   */
  constructor(
    cell: ICodeCellModel,
    services: IBarServices,
    path: () => string
  ) {
    super();
    this.addClass('jp-GlobusCompute-cellBar');
    this.model = new BarModel(cell, services, path);
    this.node.setAttribute('aria-label', this.model.trans.__('Globus Compute'));
  }

  /** What the items of the bar tell. */
  readonly model: BarModel;

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    // The items go first: they listen to the model.
    super.dispose();
    this.model.dispose();
  }
}
