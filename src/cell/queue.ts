/** A cell that wants to run. */
export interface IJob {
  /** `compute` cells keep the cells after them waiting; others do not. */
  readonly kind: 'compute' | 'plain';

  /**
   * Run the cell; called at once or when its turn has come.
   *
   * @param release - Lets the cells after this one run before it has ended.
   * @returns whether it succeeded; a rejection counts as failure and is
   * passed on to whoever wanted to run the cell.
   */
  start(release: () => void): Promise<boolean>;

  /**
   * The cell has to wait for another.
   *
   * @param runNow - Runs it at once instead.
   */
  onWait?(runNow: () => void): void;

  /** It waits no longer: it runs now, or was dropped. */
  onWaited?(): void;
}

interface IEntry {
  readonly job: IJob;
  readonly resolve: (success: boolean) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * The order in which the cells of one notebook run.
 *
 * A kernel runs plain cells in the order of their requests and drops what is
 * queued when one fails. A `%%compute` cell is finished only when its results
 * are there, which the kernel does not know; so the cells after it wait here,
 * and are dropped here if it fails.
 */
export class RunQueue {
  /**
   * Run a cell when its turn has come. A cell that need not wait is started
   * before this method returns, so that kernel requests keep their order.
   *
   * @returns whether it succeeded; `false` too when it was dropped.
   */
  run(job: IJob): Promise<boolean> {
    return new Promise<boolean>((resolve, reject) => {
      const entry = { job, resolve, reject };
      if (this._waiting.length === 0 && this._mayStart(job)) {
        this._start(entry);
        return;
      }
      this._waiting.push(entry);
      job.onWait?.(() => this._runNow(entry));
    });
  }

  /** Drop every cell that waits. */
  drop(): void {
    for (const { job, resolve } of this._waiting.splice(0)) {
      job.onWaited?.();
      resolve(false);
    }
  }

  private _mayStart({ kind }: IJob): boolean {
    return (
      this._active.compute === 0 &&
      (kind === 'plain' || this._active.plain === 0)
    );
  }

  private _runNow(entry: IEntry): void {
    const at = this._waiting.indexOf(entry);
    if (at >= 0) {
      this._waiting.splice(at, 1);
      entry.job.onWaited?.();
      this._start(entry);
    }
  }

  private _start({ job, resolve, reject }: IEntry): void {
    this._active[job.kind] += 1;
    let holding = true;
    const release = (): void => {
      if (holding) {
        holding = false;
        this._active[job.kind] -= 1;
        this._next();
      }
    };
    const onFailure = (): void => {
      // A cell in the background fails for itself alone.
      if (holding) {
        this.drop();
      }
      release();
    };
    job.start(release).then(
      success => {
        if (success) {
          release();
        } else {
          onFailure();
        }
        resolve(success);
      },
      (reason: unknown) => {
        onFailure();
        reject(reason);
      }
    );
  }

  private _next(): void {
    let entry = this._waiting.at(0);
    while (entry && this._mayStart(entry.job)) {
      this._waiting.shift();
      entry.job.onWaited?.();
      this._start(entry);
      entry = this._waiting.at(0);
    }
  }

  private readonly _waiting: IEntry[] = [];
  private readonly _active = { compute: 0, plain: 0 };
}
