import type { ICodeCellModel } from '@jupyterlab/cells';
import type { IMimeBundle, IOutput } from '@jupyterlab/nbformat';
import type { INotebookModel } from '@jupyterlab/notebook';
import type { PartialJSONValue } from '@lumino/coreutils';

import type { KernelOutput } from '../kernel/execution';
import { BATCH_MIME_TYPE } from '../tokens';

/** How a cell has ended. */
export interface IEnding {
  /** The kernel's count, for the prompt; `null` if the kernel ran nothing. */
  readonly executionCount: number | null;
  readonly started: Date;
  readonly recordTiming: boolean;
}

/**
 * Where the outputs of one run of a cell land.
 *
 * The cell is looked up by its id at every write: moving a cell replaces its
 * model, and closing the notebook disposes of it. A write that finds no cell
 * is lost, as the output of a plain cell is.
 *
 * The card is always the first output, and no output is ever removed:
 * removing and inserting do not reach the saved file of JupyterLab 4.6. What
 * replaces one of several outputs reaches the other copies of a shared
 * notebook as an output at the end: there all are written anew.
 */
export class CellLanding {
  constructor(notebook: INotebookModel, cellId: string) {
    this._notebook = notebook;
    this._cellId = cellId;
  }

  /** Clear the cell and show it as running. */
  begin(): void {
    const model = this._model;
    if (!model) {
      return;
    }
    model.sharedModel.transact(
      () => model.clearExecution(),
      false,
      'silent-change'
    );
    model.executionState = 'running';
    // A person ran it, so what it shows is theirs, as for any cell.
    model.trusted = true;
  }

  /** Show the cell as no longer running. */
  end({ executionCount, started, recordTiming }: IEnding): void {
    const model = this._model;
    if (!model) {
      return;
    }
    if (this._hasJoined && this._notebook.collaborative) {
      this._rewrite(model, model.outputs.toJSON());
    }
    model.executionState = 'idle';
    if (executionCount !== null) {
      model.executionCount = executionCount;
    }
    if (recordTiming) {
      model.setMetadata('execution', {
        'iopub.execute_input': started.toISOString(),
        'shell.execute_reply': new Date().toISOString()
      });
    }
  }

  /** Show the batch's card, or show it anew. */
  putCard(bundle: IMimeBundle): void {
    const model = this._model;
    if (!model) {
      return;
    }
    const card: IOutput = {
      output_type: 'display_data',
      data: bundle,
      metadata: {}
    };
    const { outputs } = model;
    if (!this._card) {
      outputs.fromJSON([card, ...outputs.toJSON()]);
      for (const [displayId, indexes] of this._displays) {
        this._displays.set(
          displayId,
          indexes.map(index => index + 1)
        );
      }
    } else if (outputs.length > 0 && isCard(outputs.get(0).toJSON())) {
      if (outputs.length === 1 || !this._notebook.collaborative) {
        outputs.set(0, card);
      } else {
        // The other copies of a shared notebook would put it last.
        this._rewrite(model, [card, ...outputs.toJSON().slice(1)]);
      }
    }
    this._card = card;
  }

  /** Show what a kernel sent. */
  handle(message: KernelOutput): void {
    switch (message.kind) {
      case 'add':
        this.add(message.output, message.displayId);
        break;
      case 'update':
        this._update(message.displayId, message.output);
        break;
      case 'clear':
        if (message.wait) {
          this._clearNext = true;
        } else {
          this._clear();
        }
        break;
    }
  }

  /** Show an output below those that are there. */
  add(output: IOutput, displayId?: string): void {
    if (this._clearNext) {
      this._clear();
    }
    const outputs = this._model?.outputs;
    if (!outputs) {
      return;
    }
    const before = outputs.length;
    if (outputs.add(output) === before) {
      this._hasJoined = true;
    }
    if (displayId !== undefined) {
      const indexes = this._displays.get(displayId) ?? [];
      this._displays.set(displayId, [...indexes, outputs.length - 1]);
    }
  }

  /** Show text as a program's standard output or error. */
  addStream(name: 'stdout' | 'stderr', text: string): void {
    if (text !== '') {
      this.add({ output_type: 'stream', name, text });
    }
  }

  /** Show something drawn or displayed elsewhere. */
  addDisplay(bundle: IMimeBundle): void {
    this.add({ output_type: 'display_data', data: bundle, metadata: {} });
  }

  /** Say why the cell did not run, as one error. */
  refuse(name: string, message: string): void {
    this.add({
      output_type: 'error',
      ename: name,
      evalue: message,
      traceback: [`\u001b[31m${name}\u001b[39m: ${message}`]
    });
  }

  /** Write all outputs in one change, which other copies draw anew. */
  private _rewrite(model: ICodeCellModel, outputs: IOutput[]): void {
    this._hasJoined = false;
    model.sharedModel.transact(
      () => model.outputs.fromJSON(outputs),
      false,
      'silent-change'
    );
  }

  private _clear(): void {
    this._clearNext = false;
    this._displays.clear();
    this._model?.outputs.fromJSON(this._card ? [this._card] : []);
  }

  private _update(displayId: string, output: IOutput): void {
    const outputs = this._model?.outputs;
    for (const index of this._displays.get(displayId) ?? []) {
      if (outputs && index < outputs.length) {
        outputs.set(index, output);
      }
    }
  }

  private get _model(): ICodeCellModel | null {
    if (this._notebook.isDisposed) {
      return null;
    }
    for (const model of this._notebook.cells) {
      if (model.id === this._cellId && model.type === 'code') {
        return model as ICodeCellModel;
      }
    }
    return null;
  }

  private readonly _notebook: INotebookModel;
  private readonly _cellId: string;
  private readonly _displays = new Map<string, number[]>();
  private _card: IOutput | null = null;
  private _clearNext = false;
  /*
   * Whether text was joined to the stream before it: other copies of a shared
   * notebook have it, but JupyterLab 4.6 does not draw it there.
   */
  private _hasJoined = false;
}

function isCard(output: IOutput): boolean {
  const data = output.data as Record<string, PartialJSONValue> | undefined;
  return data?.[BATCH_MIME_TYPE] !== undefined;
}
