import type { VDomModel } from '@jupyterlab/ui-components';
import { VDomRenderer } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

/** The short sum of a section, beside its title: `2 running · 1 failed`. */
export class SectionCount extends VDomRenderer<VDomModel> {
  /**
   * @param model - Changes with what is counted.
   * @param describe - The sum in words; empty for nothing.
   */
  constructor(model: VDomModel, describe: () => string) {
    super(model);
    this._describe = describe;
    this.addClass('jp-GlobusCompute-sectionCount');
  }

  protected override render(): ReactElement {
    return <span>{this._describe()}</span>;
  }

  private readonly _describe: () => string;
}
