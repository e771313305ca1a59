import { VDomModel } from '@jupyterlab/ui-components';

import { isActive } from '../model/format';
import type { IBatch, IBatches } from '../tokens';

import type { StateFilter } from './filter';
import { filterBatches, isFailed } from './filter';

/** Rows added each time one asks for more: drawing stays quick. */
const PAGE_LENGTH = 200;

/** What the list of batches shows: which batches, and which are open. */
export class BatchesModel extends VDomModel {
  /**
   * @param batches - The batches this JupyterLab knows.
   */
  constructor(batches: IBatches) {
    super();
    this._batches = batches;
    batches.changed.connect(this._onBatchesChanged, this);
  }

  /** The batches to draw, newest first; no more than were asked for. */
  get shown(): readonly IBatch[] {
    return this._matching().slice(0, this._limit);
  }

  /** How many batches match but are not drawn. */
  get hiddenCount(): number {
    return Math.max(0, this._matching().length - this._limit);
  }

  /** How many batches there are in all. */
  get totalCount(): number {
    return this._batches.items.length;
  }

  /** How many batches have not ended. */
  get runningCount(): number {
    return this._batches.items.filter(batch => isActive(batch.state)).length;
  }

  /** How many batches ended badly. */
  get failedCount(): number {
    return this._batches.items.filter(isFailed).length;
  }

  /** Which batches are shown, by what they are doing. */
  get filter(): StateFilter {
    return this._filter;
  }
  set filter(filter: StateFilter) {
    this._filter = filter;
    this._limit = PAGE_LENGTH;
    this.stateChanged.emit();
  }

  /** Words that the batches shown contain. */
  get query(): string {
    return this._query;
  }
  set query(query: string) {
    this._query = query;
    this._limit = PAGE_LENGTH;
    this.stateChanged.emit();
  }

  /** Ids of the batches whose tasks are listed. */
  get expanded(): ReadonlySet<string> {
    return this._expanded;
  }

  /** List the tasks of a batch, or no longer. */
  toggle(id: string): void {
    if (!this._expanded.delete(id)) {
      this._expanded.add(id);
    }
    this.stateChanged.emit();
  }

  /** Draw more of the batches that match. */
  showMore(): void {
    this._limit += PAGE_LENGTH;
    this.stateChanged.emit();
  }

  /** Show all batches again. */
  resetFilter(): void {
    this._query = '';
    this.filter = 'all';
  }

  /** Forget the batches that have ended; their cards stay. */
  clearFinished(): void {
    void this._batches.clearFinished();
  }

  /** Follow the batches no longer. */
  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._batches.changed.disconnect(this._onBatchesChanged, this);
    super.dispose();
  }

  private _matching(): readonly IBatch[] {
    return filterBatches(this._batches.items, this._filter, this._query);
  }

  private _onBatchesChanged(): void {
    for (const id of this._expanded) {
      if (!this._batches.get(id)) {
        this._expanded.delete(id);
      }
    }
    this.stateChanged.emit();
  }

  private readonly _batches: IBatches;
  private readonly _expanded = new Set<string>();
  private _filter: StateFilter = 'all';
  private _limit = PAGE_LENGTH;
  private _query = '';
}
