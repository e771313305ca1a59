import { MainAreaWidget, ToolbarButton } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { downloadIcon, refreshIcon } from '@jupyterlab/ui-components';

import type { IOverviewDeeds } from './overviewBody';
import { OverviewBody } from './overviewBody';
import type { OverviewModel } from './overviewModel';

/** Options of {@link OverviewWidget}. */
export interface IOverviewWidgetOptions {
  readonly model: OverviewModel;
  readonly deeds: IOverviewDeeds;
  readonly trans: TranslationBundle;
  /** Let the browser save what is at an address. */
  readonly download: (url: string) => void;
}

/** A tab of the main area with the overview of a class. */
export class OverviewWidget extends MainAreaWidget<OverviewBody> {
  constructor({ model, deeds, trans, download }: IOverviewWidgetOptions) {
    super({ content: new OverviewBody(model, deeds, trans) });
    this.model = model;
    this._trans = trans;
    this.addClass('jp-GlobusCompute-overviewTab');
    this.title.closable = true;
    const refresh = new ToolbarButton({
      icon: refreshIcon,
      label: trans.__('Read again'),
      tooltip: trans.__('Read the notebooks again'),
      onClick: () => void model.show()
    });
    const save = new ToolbarButton({
      icon: downloadIcon,
      label: trans.__('Save as CSV'),
      tooltip: trans.__('Save the table for a spreadsheet'),
      onClick: () => {
        if (model.csvUrl !== null) {
          download(model.csvUrl);
        }
      }
    });
    this.toolbar.addItem('refresh', refresh);
    this.toolbar.addItem('save', save);
    this._refresh = refresh;
    this._save = save;
    model.stateChanged.connect(this._follow, this);
    this._follow();
  }

  /** What it shows. */
  readonly model: OverviewModel;

  /** Forget what was read. */
  override dispose(): void {
    if (!this.isDisposed) {
      this.model.dispose();
      super.dispose();
    }
  }

  private _follow(): void {
    const { isReading, overview, csvUrl, query } = this.model;
    this._refresh.enabled = !isReading && overview !== null;
    this._save.enabled = csvUrl !== null;
    const name = query.folder.split('/').at(-1);
    this.title.label = name
      ? this._trans.__('Overview: %1', name)
      : this._trans.__('Overview of a class');
  }

  private readonly _trans: TranslationBundle;
  private readonly _refresh: ToolbarButton;
  private readonly _save: ToolbarButton;
}
