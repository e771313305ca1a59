import type { TranslationBundle } from '@jupyterlab/translation';
import { PanelWithToolbar } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Poll } from '@lumino/polling';
import type { ReactElement } from 'react';

import { formatCount } from '../../model/format';
import type { IBatch, IBatches, IServices } from '../../tokens';

import { openMenu } from '../menu';
import { SectionCount } from '../sectionCount';
import { VisibleRenderer } from '../visibleRenderer';
import type { BatchActionId, IBatchAction } from './batchActions';
import { batchActions } from './batchActions';
import type { IPanelDeeds } from './batchDeeds';
import { performAction } from './batchDeeds';
import { describeSum } from './batchSum';
import type { BatchTreeRow } from './batchTreeRows';
import { BatchesBody } from './batchesBody';
import type { BatchesModel } from './batchesModel';
import { NO_FILTER } from './filter';
import { TaskPages } from './taskPages';
import { TaskValues } from './taskValues';

/** Ages are told in minutes, so once a minute is enough. */
const AGE_INTERVAL_MS = 60_000;

/** What the section needs from its surroundings. */
export interface IBatchesSectionOptions {
  readonly model: BatchesModel;
  readonly batches: IBatches;
  readonly services: IServices;
  readonly deeds: IPanelDeeds;
  readonly trans: TranslationBundle;
}

/** The section of the side panel that lists the batches. */
export class BatchesSection extends PanelWithToolbar {
  constructor(options: IBatchesSectionOptions) {
    super();
    const { model, trans } = options;
    this.addClass('jp-GlobusCompute-section');
    this.addClass('jp-mod-fills');
    this.title.label = trans.__('Batches');
    this.toolbar.addItem(
      'count',
      new SectionCount(model, () => describeCounts(model, trans))
    );
    this.addWidget(new BatchesView(options));
  }
}

class BatchesView extends VisibleRenderer<BatchesModel> {
  constructor(options: IBatchesSectionOptions) {
    super(options.model);
    this.addClass('jp-GlobusCompute-batches');
    this._options = options;
    this._pages = new TaskPages(options.batches);
    this._pages.changed.connect(this._redraw, this);
    this._values = new TaskValues(options.batches);
    this._values.changed.connect(this._redraw, this);
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
    this._pages.dispose();
    this._values.dispose();
    super.dispose();
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
    const { model, trans, deeds } = this._options;
    return (
      <BatchesBody
        rows={model.rows}
        totalCount={model.totalCount}
        hasFinished={model.totalCount > model.sum.running}
        hasMore={model.hasMore}
        problem={model.problem}
        forgotten={model.forgotten}
        asksForTasks={model.asksForTasks}
        services={this._options.services.items}
        filter={model.filter}
        grouping={model.grouping}
        endpoints={model.endpoints}
        now={Date.now() / 1000}
        trans={trans}
        actionsOf={this._actionsOf}
        taskOf={this._taskOf}
        resultOf={this._valueOf}
        onFilter={filter => {
          model.filter = filter;
        }}
        onGrouping={grouping => {
          model.grouping = grouping;
        }}
        onToggle={this._toggle}
        onAction={this._perform}
        onMenu={this._openMenu}
        onGoToCell={deeds.goToCell}
        onCopy={deeds.copy}
        onShowTasks={ranges => {
          this._pages.show(ranges);
        }}
        onShowMore={() => {
          this._try(model.loadMore());
        }}
        onShowAll={() => {
          model.filter = NO_FILTER;
        }}
        onRefresh={() => {
          this._try(model.refresh());
        }}
        onClearFinished={() => {
          this._try(model.clearFinished());
        }}
        onAskForTasks={asks => {
          model.asksForTasks = asks;
        }}
        onFollow={request => model.follow(request)}
        onUndo={() => {
          this._try(model.undoForget());
        }}
        onDismiss={() => {
          model.dismissForgotten();
        }}
      />
    );
  }

  /** Whoever opens the list wants to see what there is now. */
  private _readIfVisible(): void {
    if (this.isVisible) {
      this._try(this._options.model.refresh());
    }
  }

  private _try(deed: Promise<void>): void {
    deed.catch(this._options.deeds.report);
  }

  private _redraw(): void {
    this.update();
  }

  private readonly _actionsOf = (batch: IBatch): IBatchAction[] => {
    const { batches, deeds, trans } = this._options;
    return batchActions(
      batch,
      {
        canCancel: batches.canCancel(batch),
        canRetry: batches.canRetry(batch),
        canLoad: deeds.canLoad()
      },
      trans
    );
  };

  private readonly _taskOf: TaskPages['get'] = (batch, index) =>
    this._pages.get(batch, index);

  private readonly _valueOf: TaskValues['get'] = (batch, task) =>
    this._values.get(batch, task);

  private readonly _toggle = (row: BatchTreeRow): void => {
    const { model } = this._options;
    switch (row.kind) {
      case 'group':
        model.toggleGroup(row.key);
        break;
      case 'batch':
        model.toggleBatch(row.batch.id);
        break;
      case 'task':
        model.toggleTask(row.batch, row.index);
        break;
    }
  };

  private readonly _perform = (batch: IBatch, action: BatchActionId): void => {
    const { batches, deeds, model } = this._options;
    void performAction(action, batch, batches, model, deeds);
  };

  private readonly _openMenu = (batch: IBatch, x: number, y: number): void => {
    openMenu(this._actionsOf(batch), x, y, action => {
      this._perform(batch, action);
    });
  };

  private readonly _options: IBatchesSectionOptions;
  private readonly _ageClock: Poll;
  private readonly _pages: TaskPages;
  private readonly _values: TaskValues;
}

/** `2 running · 1 failed`, or how many there are if all went well. */
function describeCounts(model: BatchesModel, trans: TranslationBundle): string {
  const { totalCount } = model;
  return (
    describeSum(model.sum, trans) ||
    (totalCount > 0 ? formatCount(totalCount) : '')
  );
}
