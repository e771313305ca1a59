/**
 * The results of a map.
 */

import { asCompleted } from './completed.js';
import type { TaskFuture } from './future.js';
import type { IWaitOptions } from './waiting.js';

/**
 * A value and the place of its item.
 */
export interface IIndexedValue<T> {
  /** Place of the item, from 0. */
  index: number;

  /** What the function returned for it. */
  value: T;
}

/**
 * The results of `Executor.map`: to be awaited as one array, or taken one by
 * one with `for await`, in the order of the items.
 */
export class TaskMap<T = unknown>
  implements AsyncIterable<T>, PromiseLike<T[]>
{
  /**
   * @param futures - The tasks, in the order of the items.
   * @param chunkSize - Items in each task; 0 when a task is one item and its
   * result not a list of results.
   */
  constructor(
    readonly futures: readonly TaskFuture[],
    chunkSize: number
  ) {
    this._chunkSize = chunkSize;
  }

  /**
   * Wait for all values.
   *
   * @throws What the first failed task fails with.
   * @throws ResultTimeout or RequestAborted when the wait is ended before.
   */
  async results(options: IWaitOptions = {}): Promise<T[]> {
    const values = await Promise.all(
      this.futures.map(future => future.result(options))
    );
    return values.flatMap(value => this._unpack(value));
  }

  /** Wait for all values, as `await` does. */
  then<V = T[], E = never>(
    onValue?: ((values: T[]) => V | PromiseLike<V>) | null,
    onError?: ((error: unknown) => E | PromiseLike<E>) | null
  ): Promise<V | E> {
    return this.results().then(onValue, onError);
  }

  /** The values in the order of the items. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (const future of this.futures) {
      yield* this._unpack(await future.result());
    }
  }

  /**
   * The values in the order in which their tasks end.
   *
   * @throws What a failed task fails with.
   * @throws ResultTimeout or RequestAborted when the wait is ended before.
   */
  async *asCompleted(
    options: IWaitOptions = {}
  ): AsyncGenerator<IIndexedValue<T>, void, undefined> {
    for await (const task of asCompleted(this.futures, options)) {
      if (task.error) {
        throw task.error;
      }
      const first = task.index * Math.max(1, this._chunkSize);
      for (const [i, value] of this._unpack(task.value).entries()) {
        yield { index: first + i, value };
      }
    }
  }

  private _unpack(value: unknown): T[] {
    return (this._chunkSize === 0 ? [value] : value) as T[];
  }

  private readonly _chunkSize: number;
}
