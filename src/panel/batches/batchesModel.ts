import { VDomModel } from '@jupyterlab/ui-components';
import { Throttler } from '@lumino/polling';

import { englishBundle } from '../../model/format';
import type {
  IBatch,
  IBatches,
  IEndpointRef,
  IFollowRequest
} from '../../tokens';

import type { IBatchSum } from './batchSum';
import { sumBatches } from './batchSum';
import { BatchTreeRows, taskKey } from './batchTreeRows';
import type { IBatchFilter } from './filter';
import { endpointsOf, filterBatches, NO_FILTER } from './filter';
import type { Grouping } from './grouping';
import { groupBatches } from './grouping';

/* A screen repaints what people can follow; more often costs and shows less. */
const NOTIFY_INTERVAL_MS = 100;

/** Batches that were forgotten and can be brought back. */
export interface IForgotten {
  readonly ids: readonly string[];
  /** The name of the batch, if it is only one. */
  readonly title: string | null;
}

/** What the list of batches shows: which batches, and what is open. */
export class BatchesModel extends VDomModel {
  /**
   * @param batches - The batches this JupyterLab knows.
   * @param trans - Words for the names of groups.
   */
  constructor(batches: IBatches, trans = englishBundle()) {
    super();
    this._batches = batches;
    this._trans = trans;
    this._notifier = new Throttler(
      () => {
        this._changed();
      },
      { limit: NOTIFY_INTERVAL_MS, edge: 'trailing' }
    );
    batches.changed.connect(this._onBatchesChanged, this);
  }

  /** The rows to draw, and where each is. */
  get rows(): BatchTreeRows {
    this._rows ??= new BatchTreeRows(
      groupBatches(
        filterBatches(this._batches.items, this._filter),
        this._grouping,
        this._trans
      ),
      {
        closedGroups: this._closedGroups,
        expanded: this._expanded,
        openTasks: this._openTasks
      }
    );
    return this._rows;
  }

  /** How many batches there are in all. */
  get totalCount(): number {
    return this._batches.items.length;
  }

  /** How many batches run, and how many failed. */
  get sum(): IBatchSum {
    return sumBatches(this._batches);
  }

  /** The endpoints that batches ran on, by name. */
  get endpoints(): readonly IEndpointRef[] {
    return endpointsOf(this._batches.items);
  }

  /** Whether there are older batches that were not read yet. */
  get hasMore(): boolean {
    return this._batches.hasMore;
  }

  /** Why the batches could not be read, in words; `null` if they could. */
  get problem(): string | null {
    return this._batches.problem;
  }

  /** Which batches are shown. */
  get filter(): IBatchFilter {
    return this._filter;
  }
  set filter(filter: IBatchFilter) {
    this._filter = filter;
    this._changed();
  }

  /** By what the batches are divided. */
  get grouping(): Grouping {
    return this._grouping;
  }
  set grouping(grouping: Grouping) {
    this._grouping = grouping;
    this._changed();
  }

  /** Whether a person is asked which tasks from elsewhere to follow. */
  get asksForTasks(): boolean {
    return this._asksForTasks;
  }
  set asksForTasks(asks: boolean) {
    this._asksForTasks = asks;
    this._changed();
  }

  /** What was forgotten last and can be brought back. */
  get forgotten(): IForgotten | null {
    return this._forgotten;
  }

  /** Shut or open a group. */
  toggleGroup(key: string): void {
    toggle(this._closedGroups, key);
    this._changed();
  }

  /** List the tasks of a batch, or no longer. */
  toggleBatch(id: string): void {
    toggle(this._expanded, id);
    this._changed();
  }

  /** Show more of a task, or no longer. */
  toggleTask(batch: IBatch, index: number): void {
    toggle(this._openTasks, taskKey(batch, index));
    this._changed();
  }

  /** Read the batches again. */
  refresh(): Promise<void> {
    return this._batches.refresh();
  }

  /** Read older batches. */
  loadMore(): Promise<void> {
    return this._batches.loadMore();
  }

  /**
   * Follow tasks that were submitted elsewhere, and show them.
   *
   * @throws what `IBatches.follow` throws.
   */
  async follow(request: IFollowRequest): Promise<void> {
    const { id } = await this._batches.follow(request);
    this._expanded.add(id);
    this.filter = NO_FILTER;
  }

  /** Take a batch off the list; its card stays. */
  async forget({ id, title }: IBatch): Promise<void> {
    await this._batches.forget([id]);
    this._setForgotten({ ids: [id], title });
  }

  /** Take the batches that have ended off the list; their cards stay. */
  async clearFinished(): Promise<void> {
    const ids = await this._batches.clearFinished();
    this._setForgotten(ids.length > 0 ? { ids, title: null } : null);
  }

  /** Bring back what was forgotten last. */
  async undoForget(): Promise<void> {
    if (this._forgotten) {
      await this._batches.restore(this._forgotten.ids);
      this._setForgotten(null);
    }
  }

  /** Leave forgotten what was forgotten last. */
  dismissForgotten(): void {
    this._setForgotten(null);
  }

  /** Follow the batches no longer. */
  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._batches.changed.disconnect(this._onBatchesChanged, this);
    this._notifier.dispose();
    super.dispose();
  }

  private _setForgotten(forgotten: IForgotten | null): void {
    this._forgotten = forgotten;
    this._changed();
  }

  private _onBatchesChanged(): void {
    void this._notifier.invoke();
  }

  private _changed(): void {
    this._rows = null;
    this.stateChanged.emit();
  }

  private readonly _batches: IBatches;
  private readonly _trans: ReturnType<typeof englishBundle>;
  private readonly _notifier: Throttler;
  private readonly _closedGroups = new Set<string>();
  private readonly _expanded = new Set<string>();
  private readonly _openTasks = new Set<string>();
  private _asksForTasks = false;
  private _filter = NO_FILTER;
  private _grouping: Grouping = 'none';
  private _forgotten: IForgotten | null = null;
  private _rows: BatchTreeRows | null = null;
}

function toggle(keys: Set<string>, key: string): void {
  if (!keys.delete(key)) {
    keys.add(key);
  }
}
