/**
 * A wait that can be cut short.
 */

/**
 * Waits for a time or until rung, whichever comes first. One waiter at a time.
 */
export class Alarm {
  /**
   * @param ms - How long to wait, in milliseconds.
   */
  wait(ms: number): Promise<void> {
    if (this._rung) {
      this._rung = false;
      return Promise.resolve();
    }
    return new Promise(resolve => {
      const timer = setTimeout(() => this._wake?.(), ms);
      this._wake = () => {
        clearTimeout(timer);
        this._wake = undefined;
        resolve();
      };
    });
  }

  /** End the wait now; if nobody waits, the next wait ends at once. */
  ring(): void {
    if (this._wake) {
      this._wake();
    } else {
      this._rung = true;
    }
  }

  private _rung = false;
  private _wake: (() => void) | undefined;
}
