import type { Kernel } from '@jupyterlab/services';

import { DOOR, isMissing, RESTARTED } from './door';
import { KernelGoneError } from './errors';
import type { KernelOutput } from './execution';
import { execute } from './execution';
import { nextTask } from './nextTask';
import { listPieces } from './pieces';
import type { IBridgeStep } from './step';
import { readStep } from './step';

/*
 * Outcomes go in pieces that take the page a few milliseconds each, some of
 * them under way at a time.
 */
const PIECE_CHARACTERS = 256 * 1024;
const MAX_UNANSWERED = 16;

/*
 * What is run visibly goes to every client of the kernel, so that little of it
 * is worth the request that it saves.
 */
const INLINE_CHARACTERS = 16 * 1024;

/** The outcome of a task as the kernel takes it. */
export interface ITaskOutcome {
  readonly index: number;
  readonly ok: boolean;
  /** The serialised result, or the error text. */
  readonly data: string;
}

/** One run of a cell in the kernel: started, then resumed until finished. */
export interface IBridgeSession {
  /** Run on with more results; see {@link KernelBridge.start} for errors. */
  resume(
    outcomes: readonly ITaskOutcome[],
    onOutput: (output: KernelOutput) => void
  ): Promise<IBridgeStep>;
  /** Forget the run; what still waits for values then says why. */
  discard(reason: string): Promise<void>;
}

/** The session of a cell in the bridge of a kernel. */
export class BridgeSession implements IBridgeSession {
  /**
   * @param sid - What the bridge knows it by.
   */
  constructor(kernel: Kernel.IKernelConnection, sid: string) {
    this._kernel = kernel;
    this._sid = sid;
  }

  async resume(
    outcomes: readonly ITaskOutcome[],
    onOutput: (output: KernelOutput) => void
  ): Promise<IBridgeStep> {
    try {
      const rest = await this._feedAllBut(INLINE_CHARACTERS, outcomes);
      const reply = await execute(this._kernel, {
        code: `${DOOR}.resume('${this._sid}'${rest && `, '${rest}'`})`,
        expression: `${DOOR}.take('${this._sid}')`,
        onOutput: output => {
          // That the bridge has gone is told in other words.
          if (output.kind !== 'add' || !isMissing(output.output)) {
            onOutput(output);
          }
        }
      });
      return readStep(reply);
    } catch (reason) {
      throw isMissing(reason) ? new KernelGoneError(RESTARTED) : reason;
    }
  }

  async discard(reason: string): Promise<void> {
    await execute(this._kernel, {
      code: `${DOOR}.discard('${this._sid}', ${JSON.stringify(reason)})`
    });
  }

  /**
   * Bring the outcomes to the kernel.
   *
   * @returns the last piece of them where it is not longer than given, and
   * has not been brought; else nothing.
   */
  private async _feedAllBut(
    characters: number,
    outcomes: readonly ITaskOutcome[]
  ): Promise<string> {
    const unanswered: Promise<unknown>[] = [];
    const feed = (piece: string): void => {
      const answer = execute(this._kernel, {
        code: `${DOOR}.feed('${this._sid}', '${piece}')`
      });
      // It is waited for below, unless another one fails before.
      answer.catch(() => undefined);
      unanswered.push(answer);
    };
    let last = '';
    for (const piece of listPieces(outcomes, PIECE_CHARACTERS)) {
      if (last) {
        await (unanswered.length < MAX_UNANSWERED
          ? nextTask()
          : unanswered.shift());
        feed(last);
      }
      last = piece;
    }
    if (last.length > characters) {
      feed(last);
      last = '';
    }
    await Promise.all(unanswered);
    return last;
  }

  private readonly _kernel: Kernel.IKernelConnection;
  private readonly _sid: string;
}
