import { StoppedError } from '../explain';

/** When a wait ends if nothing comes. */
interface IDeadline {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Stops the wait. */
  readonly onOver: () => void;
}

/** What a run waits for, which a person, the kernel or the clock may end. */
export class RunWaits {
  /**
   * Wait for something.
   *
   * @param begin - Begins the wait; its signal fires when it is stopped.
   * @throws StoppedError when it is stopped; else what the wait throws.
   */
  async during<T>(
    begin: (signal: AbortSignal) => Promise<T>,
    deadline?: IDeadline
  ): Promise<T> {
    const stop = new AbortController();
    const stopped = new Promise<never>((_, reject) => {
      stop.signal.addEventListener('abort', () => {
        reject(stop.signal.reason as Error);
      });
    });
    this._abort = stop;
    const timer =
      deadline &&
      setTimeout(deadline.onOver, Math.max(deadline.at - Date.now(), 0));
    try {
      return await Promise.race([begin(stop.signal), stopped]);
    } finally {
      clearTimeout(timer);
      this._abort = null;
    }
  }

  /**
   * End the wait, if there is one.
   *
   * @param note - Why, in words for a person.
   * @returns whether there was one.
   */
  stop(note: string): boolean {
    if (!this._abort) {
      return false;
    }
    this._abort.abort(new StoppedError(note));
    return true;
  }

  private _abort: AbortController | null = null;
}
