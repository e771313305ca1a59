import type { IDisposable } from '@lumino/disposable';
import { Throttler } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IBatch, IBatches, ITaskSnapshot } from '../../tokens';

/** Tasks that are read at once. */
const PAGE_LENGTH = 200;

/** Pages kept of all batches together: what one scrolls over comes back. */
const MAX_PAGES = 50;

/** How often tasks that changed are read again, in milliseconds. */
const REFRESH_INTERVAL_MS = 500;

/** What a page was read from. */
interface IPage {
  readonly tasks: readonly ITaskSnapshot[];
  /** What its batch was like when it was read. */
  readonly stamp: string;
}

/** Tasks of a batch from one up to, and without, another. */
export interface ITaskRange {
  readonly batch: IBatch;
  readonly start: number;
  readonly end: number;
}

/**
 * The tasks that are in sight: those of a batch that this browser runs are
 * there, others are read page by page.
 */
export class TaskPages implements IDisposable {
  /**
   * @param batches - Where tasks are read.
   */
  constructor(batches: Pick<IBatches, 'taskPage'>) {
    this._batches = batches;
    this._refresher = new Throttler(() => this._refresh(), {
      limit: REFRESH_INTERVAL_MS,
      edge: 'trailing'
    });
  }

  /** Emitted when tasks were read. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The task with that index; `undefined` until it was read. */
  get(batch: IBatch, index: number): ITaskSnapshot | undefined {
    if (batch.isLive) {
      return batch.tasks.at(index);
    }
    const page = this._pages.get(pageKey(batch, pageOf(index)));
    return page?.tasks[index % PAGE_LENGTH];
  }

  /** Read what of these tasks is missing, and what changed. */
  show(ranges: readonly ITaskRange[]): void {
    this._shown = ranges.filter(({ batch }) => !batch.isLive);
    let isStale = false;
    for (const [batch, page] of this._shownPages()) {
      const known = this._pages.get(pageKey(batch, page));
      if (!known) {
        void this._read(batch, page);
      } else if (known.stamp !== stampOf(batch)) {
        isStale = true;
      }
    }
    if (isStale) {
      void this._refresher.invoke();
    }
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._refresher.dispose();
    Signal.clearData(this);
  }

  private async _refresh(): Promise<void> {
    const stale = this._shownPages().filter(
      ([batch, page]) =>
        this._pages.get(pageKey(batch, page))?.stamp !== stampOf(batch)
    );
    await Promise.all(stale.map(([batch, page]) => this._read(batch, page)));
  }

  private _shownPages(): [IBatch, number][] {
    return this._shown.flatMap(({ batch, start, end }) => {
      const pages: [IBatch, number][] = [];
      for (let page = pageOf(start); page <= pageOf(end - 1); page++) {
        pages.push([batch, page]);
      }
      return pages;
    });
  }

  private async _read(batch: IBatch, page: number): Promise<void> {
    const key = pageKey(batch, page);
    if (this._reading.has(key)) {
      return;
    }
    this._reading.add(key);
    const stamp = stampOf(batch);
    try {
      const { tasks } = await this._batches.taskPage(batch.id, {
        offset: page * PAGE_LENGTH,
        limit: PAGE_LENGTH
      });
      this._keep(key, { tasks, stamp });
    } catch {
      // The rows stay empty; the batch's next change, or scrolling back to
      // them, reads them again.
    } finally {
      this._reading.delete(key);
    }
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  /** The pages read last stay, those read first go. */
  private _keep(key: string, page: IPage): void {
    this._pages.delete(key);
    this._pages.set(key, page);
    for (const old of this._pages.keys()) {
      if (this._pages.size <= MAX_PAGES) {
        break;
      }
      this._pages.delete(old);
    }
  }

  private readonly _batches: Pick<IBatches, 'taskPage'>;
  private readonly _refresher: Throttler;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _pages = new Map<string, IPage>();
  private readonly _reading = new Set<string>();
  private _shown: readonly ITaskRange[] = [];
  private _isDisposed = false;
}

function pageOf(index: number): number {
  return Math.floor(index / PAGE_LENGTH);
}

function pageKey(batch: IBatch, page: number): string {
  return `${batch.id}#${page}`;
}

/** Differs when a task of the batch has changed its state. */
function stampOf({ state, counts }: IBatch): string {
  const { total, running, done, failed } = counts;
  return [state, total, running, done, failed].join();
}
