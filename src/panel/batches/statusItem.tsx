import type { TranslationBundle } from '@jupyterlab/translation';
import { VDomModel, VDomRenderer } from '@jupyterlab/ui-components';
import { Throttler } from '@lumino/polling';
import type { ReactElement } from 'react';

import type { IBatches } from '../../tokens';

import { computeIcon } from '../icon';
import type { IBatchSum } from './batchSum';
import { describeSum, sumBatches } from './batchSum';

/** How often the counts may change, in milliseconds. */
const NOTIFY_INTERVAL_MS = 250;

/** The counts in the status bar. */
export class StatusModel extends VDomModel {
  /**
   * @param batches - The batches this JupyterLab knows.
   */
  constructor(batches: IBatches) {
    super();
    this._batches = batches;
    this._counter = new Throttler(
      () => {
        this._count();
      },
      { limit: NOTIFY_INTERVAL_MS, edge: 'trailing' }
    );
    batches.changed.connect(this._onBatchesChanged, this);
  }

  get sum(): IBatchSum {
    return this._sum;
  }

  /** Whether there is something to say. */
  get isActive(): boolean {
    return this._sum.running + this._sum.failed > 0;
  }

  /** Follow the batches no longer. */
  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._batches.changed.disconnect(this._onBatchesChanged, this);
    this._counter.dispose();
    super.dispose();
  }

  private _onBatchesChanged(): void {
    void this._counter.invoke();
  }

  private _count(): void {
    const { running, failed } = sumBatches(this._batches);
    if (running !== this._sum.running || failed !== this._sum.failed) {
      this._sum = { running, failed };
      this.stateChanged.emit();
    }
  }

  private readonly _batches: IBatches;
  private readonly _counter: Throttler;
  private _sum: IBatchSum = { running: 0, failed: 0 };
}

/** The item of the status bar: what runs and what failed. */
export class StatusItem extends VDomRenderer<StatusModel> {
  /**
   * @param model - The counts.
   * @param trans - Words to use.
   * @param onOpen - Show the panel.
   */
  constructor(
    model: StatusModel,
    trans: TranslationBundle,
    onOpen: () => void
  ) {
    super(model);
    this._status = model;
    this._trans = trans;
    this._onOpen = onOpen;
    this.addClass('jp-GlobusCompute-status');
  }

  protected override render(): ReactElement {
    const trans = this._trans;
    const text = describeSum(this._status.sum, trans);
    return (
      <button
        type="button"
        className="jp-GlobusCompute-statusButton"
        title={trans.__('Globus Compute: %1. Show the batches', text)}
        onClick={() => {
          this._onOpen();
        }}
      >
        <computeIcon.react tag="span" width="14px" height="14px" />
        <span>{text}</span>
      </button>
    );
  }

  private readonly _status: StatusModel;
  private readonly _trans: TranslationBundle;
  private readonly _onOpen: () => void;
}
