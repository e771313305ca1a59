import { Signal } from '@lumino/signaling';

import type { ITaskNewsListener } from '../../sdk';
import type { IAccountNews, IBatchNews } from '../events';

/** The gateway's events, as a test tells them. */
export class FakeEvents {
  isLive = false;
  starts = 0;
  readonly batches = new Signal<this, IBatchNews>(this);
  readonly accounts = new Signal<this, IAccountNews>(this);
  readonly gap = new Signal<this, void>(this);
  readonly listeners = new Set<ITaskNewsListener>();

  start(): void {
    this.starts += 1;
  }

  listen(listener: ITaskNewsListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Be connected, or not, and say so. */
  become(isLive: boolean): void {
    this.isLive = isLive;
    this.listeners.forEach(listener => {
      listener.onGap();
    });
    this.gap.emit();
  }

  /** Tell of tasks. */
  tell(states: Record<string, string>): void {
    this.listeners.forEach(listener => {
      listener.onTasks(new Map(Object.entries(states)));
    });
  }
}
