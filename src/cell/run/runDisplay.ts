import type { IMimeBundle } from '@jupyterlab/nbformat';

import type { KernelOutput } from '../../kernel/execution';
import type { IBridgeStep } from '../../kernel/step';
import type { Batch } from '../../model/batches/batch';
import type { ITaskOutput } from '../../model/batches/outcome';
import type { IBatchSnapshot } from '../../tokens';
import type { CellLanding } from '../landing';
import type { IMagic } from '../magic/magic';

/** What a run shows in its cell. */
export class RunDisplay {
  /**
   * @param toMimeBundle - How a batch is written into the notebook.
   */
  constructor(
    landing: CellLanding,
    toMimeBundle: (snapshot: IBatchSnapshot) => IMimeBundle
  ) {
    this._landing = landing;
    this._toMimeBundle = toMimeBundle;
  }

  /** Show a text as the cell's own. */
  showText(text: string): void {
    this._landing.addStream('stdout', text);
  }

  /** Show what the kernel wants shown. */
  showKernelOutput(output: KernelOutput): void {
    // An error without traceback ends the cell after a failed task, which
    // the card tells of already.
    const isQuietEnd =
      output.kind === 'add' &&
      output.output.output_type === 'error' &&
      Array.isArray(output.output.traceback) &&
      output.output.traceback.length === 0;
    if (!isQuietEnd) {
      this._landing.handle(output);
    }
  }

  /** Show what a person should know, unless they asked for quiet. */
  warn(
    { warnings }: IBridgeStep,
    { quiet }: IMagic,
    remarks: readonly string[] = []
  ): void {
    for (const warning of quiet ? [] : [...remarks, ...warnings]) {
      this._landing.addStream('stderr', `Note: ${warning}\n`);
    }
  }

  /** Show the id of a function that was registered and is not called. */
  showFunction(name: string, id: string): void {
    this._landing.add({
      output_type: 'display_data',
      data: { 'text/plain': `${name} is registered: function ${id}` },
      metadata: {}
    });
  }

  /**
   * Keep the card of a batch up to date, for as long as the batch lives.
   *
   * Squares and counts are live in the card's view alone: the notebook gets a
   * new card when the state of the batch changes, for each write of a large
   * one costs.
   *
   * @param onlyFailure - Show no card unless something fails.
   */
  showCard(batch: Batch, onlyFailure: boolean): void {
    let shown = '';
    const show = (): void => {
      const { state, note, ended, landed } = batch;
      if (onlyFailure && state !== 'failed' && state !== 'problem') {
        return;
      }
      const now = JSON.stringify([state, note, ended, landed]);
      if (now !== shown) {
        shown = now;
        this._landing.putCard(this._toMimeBundle(batch.snapshot()));
      }
    };
    batch.changed.connect(show);
    show();
  }

  /** Show what tasks printed, displayed and drew, in task order. */
  showOutputs(outputs: readonly ITaskOutput[]): void {
    for (const { stdout, stderr, displays } of outputs) {
      this._landing.addStream('stdout', stdout);
      this._landing.addStream('stderr', stderr);
      for (const bundle of displays) {
        this._landing.addDisplay(bundle);
      }
    }
  }

  private readonly _landing: CellLanding;
  private readonly _toMimeBundle: (snapshot: IBatchSnapshot) => IMimeBundle;
}
