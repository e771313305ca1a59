import type { TranslationBundle } from '@jupyterlab/translation';
import { PanelWithToolbar } from '@jupyterlab/ui-components';
import { Poll } from '@lumino/polling';
import type { ReactElement } from 'react';

import { formatCount } from '../model/format';
import type { IBatch } from '../tokens';

import { BatchesBody } from './batchesBody';
import type { BatchesModel } from './batchesModel';
import { SectionCount } from './sectionCount';
import { VisibleRenderer } from './visibleRenderer';

/** Ages are told in minutes, so once a minute is enough. */
const AGE_INTERVAL_MS = 60_000;

/** What the section needs from its surroundings. */
export interface IBatchesSectionOptions {
  readonly model: BatchesModel;
  readonly trans: TranslationBundle;
  /** Show the cell, and its line, counted from 1, if given. */
  readonly onGoToCell: (batch: IBatch, line?: number) => void;
}

/** The section of the side panel that lists the batches. */
export class BatchesSection extends PanelWithToolbar {
  constructor(options: IBatchesSectionOptions) {
    super();
    const { model, trans } = options;
    this.addClass('jp-GlobusCompute-section');
    this.title.label = trans.__('Batches');
    this.toolbar.addItem(
      'count',
      new SectionCount(model, () => describeSum(model, trans))
    );
    this.addWidget(new BatchesView(options));
  }
}

class BatchesView extends VisibleRenderer<BatchesModel> {
  constructor(options: IBatchesSectionOptions) {
    super(options.model);
    this._options = options;
    this._ageClock = new Poll({
      factory: () => {
        this.update();
        return Promise.resolve();
      },
      frequency: { interval: AGE_INTERVAL_MS, backoff: false },
      name: 'jupyterlab-globus-compute:panel-ages',
      standby: () => !this.isVisible || 'when-hidden'
    });
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._ageClock.dispose();
    super.dispose();
  }

  protected override render(): ReactElement {
    const { model, trans, onGoToCell } = this._options;
    return (
      <BatchesBody
        batches={model.shown}
        hiddenCount={model.hiddenCount}
        totalCount={model.totalCount}
        hasFinished={model.totalCount > model.runningCount}
        filter={model.filter}
        query={model.query}
        expanded={model.expanded}
        now={Date.now() / 1000}
        trans={trans}
        onFilter={filter => {
          model.filter = filter;
        }}
        onQuery={query => {
          model.query = query;
        }}
        onToggle={id => {
          model.toggle(id);
        }}
        onShowMore={() => {
          model.showMore();
        }}
        onResetFilter={() => {
          model.resetFilter();
        }}
        onClearFinished={() => {
          model.clearFinished();
        }}
        onGoToCell={onGoToCell}
      />
    );
  }

  private readonly _options: IBatchesSectionOptions;
  private readonly _ageClock: Poll;
}

/** `2 running · 1 failed`, or how many there are if all went well. */
function describeSum(model: BatchesModel, trans: TranslationBundle): string {
  const { runningCount, failedCount, totalCount } = model;
  const parts = [
    runningCount > 0 && trans.__('%1 running', formatCount(runningCount)),
    failedCount > 0 && trans.__('%1 failed', formatCount(failedCount))
  ].filter(Boolean);
  return parts.length > 0 || totalCount === 0
    ? parts.join(' · ')
    : formatCount(totalCount);
}
