import type { TranslationBundle } from '@jupyterlab/translation';
import { PanelWithToolbar } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import { formatCount } from '../../model/format';

import { SectionCount } from '../sectionCount';
import { VisibleRenderer } from '../visibleRenderer';
import type { IFunctionDeeds } from './functionList';
import { FunctionList } from './functionList';
import type { FunctionsModel } from './functionsModel';

/** What the section needs from its surroundings. */
export interface IFunctionsSectionOptions {
  readonly model: FunctionsModel;
  readonly trans: TranslationBundle;
  readonly deeds: IFunctionDeeds;
}

/** The section of the side panel that lists the functions. */
export class FunctionsSection extends PanelWithToolbar {
  constructor(options: IFunctionsSectionOptions) {
    super();
    const { model, trans } = options;
    this.addClass('jp-GlobusCompute-section');
    this.title.label = trans.__('Functions');
    this.toolbar.addItem(
      'count',
      new SectionCount(model, () =>
        model.items.length > 0 ? formatCount(model.items.length) : ''
      )
    );
    this.addWidget(new FunctionsView(options));
  }
}

class FunctionsView extends VisibleRenderer<FunctionsModel> {
  constructor(options: IFunctionsSectionOptions) {
    super(options.model);
    this._options = options;
  }

  protected override render(): ReactElement {
    const { model, trans, deeds } = this._options;
    return (
      <FunctionList
        {...deeds}
        functions={model.items}
        expanded={model.expanded}
        problem={model.problem}
        groupOf={info => model.groupOf(info)}
        now={Date.now() / 1000}
        trans={trans}
        onToggle={id => {
          model.toggle(id);
        }}
      />
    );
  }

  private readonly _options: IFunctionsSectionOptions;
}
