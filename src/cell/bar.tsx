import type { ICodeCellModel } from '@jupyterlab/cells';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { Poll } from '@lumino/polling';
import { Menu } from '@lumino/widgets';
import * as React from 'react';

import {
  describeState,
  formatCount,
  formatDuration,
  TRANSLATION_DOMAIN
} from '../model/format';
import type { IBatch, IBatches, IBatchSnapshot, IEndpoints } from '../tokens';
import { BATCH_MIME_TYPE, CommandIDs } from '../tokens';
import { BarView } from './barView';
import { MagicError, parseMagic, withEndpoint } from './magic';
import type { CellRun } from './run';
import type { CellRuns } from './runs';

/* While a cell runs, its bar counts seconds. */
const TICK_MS = 1000;

/** What every bar needs. */
export interface IBarServices {
  readonly endpoints: IEndpoints;
  readonly batches: IBatches;
  readonly runs: CellRuns;
  readonly commands: CommandRegistry;
  readonly translator: ITranslator;
}

/** The bar of one `%%compute` cell: where it runs, and what it is doing. */
export class ComputeBar extends ReactWidget {
  constructor(model: ICodeCellModel, services: IBarServices) {
    super();
    this.addClass('jp-GlobusCompute-cellBar');
    this._model = model;
    this._services = services;
    this._trans = services.translator.load(TRANSLATION_DOMAIN);
    this.node.setAttribute('role', 'toolbar');
    this.node.setAttribute('aria-label', this._trans.__('Globus Compute'));
    services.endpoints.changed.connect(this._onChanged, this);
    services.runs.changed.connect(this._onRunChanged, this);
    model.sharedModel.changed.connect(this._onChanged, this);
    model.outputs.changed.connect(this._onChanged, this);
    this._tick = new Poll({
      auto: false,
      factory: () => {
        this.update();
        return Promise.resolve();
      },
      frequency: { interval: TICK_MS, backoff: false },
      standby: 'when-hidden'
    });
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    const { endpoints, runs } = this._services;
    this._tick.dispose();
    endpoints.changed.disconnect(this._onChanged, this);
    runs.changed.disconnect(this._onRunChanged, this);
    if (!this._model.isDisposed) {
      this._model.sharedModel.changed.disconnect(this._onChanged, this);
      this._model.outputs.changed.disconnect(this._onChanged, this);
    }
    super.dispose();
  }

  protected override render(): React.JSX.Element | null {
    const { endpoints, commands } = this._services;
    if (this._model.isDisposed) {
      return null;
    }
    const { sharedModel } = this._model;
    const source = sharedModel.getSource();
    const name = endpointOf(source);
    const run = this._run;
    const batch = this._batch(run);
    // Without endpoints nothing can run, and that is what people must know.
    const problem = run ? null : endpoints.problem;
    return (
      <BarView
        endpoints={endpoints.items}
        endpoint={name}
        resolved={
          name === null
            ? (endpoints.default ?? undefined)
            : endpoints.find(name)
        }
        state={problem ?? this._describe(run, batch)}
        tone={problem || (isFailed(batch) && !run) ? 'error' : 'quiet'}
        isLooking={endpoints.problem === null}
        isRunning={run !== undefined}
        canStopWaiting={run?.phase === 'waiting'}
        canSendToBackground={run?.canSendToBackground ?? false}
        trans={this._trans}
        onEndpoint={chosen =>
          sharedModel.setSource(withEndpoint(source, chosen))
        }
        onRun={() => void commands.execute(CommandIDs.run, this._args)}
        onStopWaiting={() => run?.stopWaiting()}
        onSendToBackground={() => run?.sendToBackground()}
        onMenu={button => this._openMenu(button)}
      />
    );
  }

  private get _args(): { cellId: string } {
    return { cellId: this._model.id };
  }

  private get _run(): CellRun | undefined {
    return this._services.runs.get(this._model.id);
  }

  /** The batch of the run, else the one whose card the cell shows. */
  private _batch(run: CellRun | undefined): IBatch | undefined {
    if (run) {
      return run.batch ?? undefined;
    }
    const { outputs } = this._model;
    const saved: unknown =
      outputs.length > 0 ? outputs.get(0).data[BATCH_MIME_TYPE] : undefined;
    const id = (saved as Partial<IBatchSnapshot> | undefined)?.id;
    return id === undefined ? undefined : this._services.batches.get(id);
  }

  private _describe(
    run: CellRun | undefined,
    batch: IBatch | undefined
  ): string {
    const trans = this._trans;
    const parts: string[] = [];
    if (run && run.phase !== 'waiting') {
      parts.push(
        run.phase === 'preparing'
          ? trans.__('Preparing')
          : run.phase === 'sending'
            ? trans.__('Sending')
            : trans.__('Loading values')
      );
    } else if (batch) {
      const { total, done, failed } = batch.counts;
      parts.push(describeState(batch.state, trans));
      if (total > 1) {
        parts.push(
          trans.__('%1 of %2', formatCount(done + failed), formatCount(total))
        );
      }
    }
    if (batch) {
      const end = batch.ended ?? Date.now() / 1000;
      const elapsed = end - batch.created;
      parts.push(formatDuration(run ? Math.floor(elapsed) : elapsed, trans));
    }
    if (run?.inBackground) {
      parts.push(trans.__('in the background'));
    }
    return parts.join(' · ');
  }

  private _openMenu(button: HTMLElement): void {
    const menu = new Menu({ commands: this._services.commands });
    const args = this._args;
    menu.addItem({ command: CommandIDs.run, args });
    menu.addItem({ command: CommandIDs.sendToBackground, args });
    menu.addItem({ command: CommandIDs.stopWaiting, args });
    menu.addItem({ type: 'separator' });
    menu.addItem({ command: CommandIDs.showPanel });
    menu.aboutToClose.connect(() => {
      // The item's command runs after the menu has closed.
      requestAnimationFrame(() => menu.dispose());
    });
    const { left, bottom } = button.getBoundingClientRect();
    menu.open(left, bottom);
  }

  private _onChanged(): void {
    this.update();
  }

  private _onRunChanged(_: CellRuns, run: CellRun): void {
    if (this._model.isDisposed || run.cellId !== this._model.id) {
      return;
    }
    if (run.phase === 'ended') {
      void this._tick.stop();
    } else {
      void this._tick.start();
    }
    this.update();
  }

  private readonly _model: ICodeCellModel;
  private readonly _services: IBarServices;
  private readonly _trans: TranslationBundle;
  private readonly _tick: Poll;
}

function endpointOf(source: string): string | null {
  try {
    return parseMagic(source).endpoint;
  } catch (reason) {
    if (reason instanceof MagicError) {
      return null;
    }
    throw reason;
  }
}

function isFailed(batch: IBatch | undefined): boolean {
  return batch?.state === 'failed' || batch?.state === 'problem';
}
