import type { ICodeCellModel } from '@jupyterlab/cells';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { VDomModel } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { Poll } from '@lumino/polling';

import { estimateLeft, formatLeft } from '../../model/batches/estimate';
import {
  describeState,
  formatCount,
  formatDuration,
  TRANSLATION_DOMAIN
} from '../../model/format';
import type {
  IBatch,
  IBatches,
  IClassFiles,
  IClassRules,
  IEndpointInfo,
  IEndpoints
} from '../../tokens';
import { batchIdOf } from '../cellBatch';
import { MagicError, parseMagic, withEndpoint } from '../magic/magic';
import type { CellRun } from '../run/run';
import type { CellRuns } from '../run/runs';

/* While a cell runs, its bar counts seconds. */
const TICK_MS = 1000;

/** What every bar needs. */
export interface IBarServices {
  readonly endpoints: IEndpoints;
  readonly batches: IBatches;
  readonly runs: CellRuns;
  readonly classFiles: Pick<IClassFiles, 'rules' | 'changed'>;
  readonly commands: CommandRegistry;
  readonly translator: ITranslator;
}

/** What the bar of one `%%compute` cell tells, and what it may change. */
export class BarModel extends VDomModel {
  /**
   * @param path - Where the cell's notebook is now.
   */
  constructor(
    cell: ICodeCellModel,
    services: IBarServices,
    path: () => string
  ) {
    super();
    this.cell = cell;
    this.services = services;
    this._path = path;
    this.trans = services.translator.load(TRANSLATION_DOMAIN);
    services.endpoints.changed.connect(this._onChanged, this);
    services.batches.changed.connect(this._onBatchesChanged, this);
    services.runs.changed.connect(this._onRunChanged, this);
    services.runs.defaults.changed.connect(this._onChanged, this);
    services.classFiles.changed.connect(this._onChanged, this);
    cell.sharedModel.changed.connect(this._onChanged, this);
    cell.outputs.changed.connect(this._onChanged, this);
    this._tick = new Poll({
      auto: false,
      factory: () => {
        this._onChanged();
        return Promise.resolve();
      },
      frequency: { interval: TICK_MS, backoff: false },
      name: 'jupyterlab-globus-compute:bar-clock',
      standby: 'when-hidden'
    });
    this._setClock();
  }

  readonly cell: ICodeCellModel;
  readonly services: IBarServices;
  readonly trans: TranslationBundle;

  /** The run of the cell, while it runs. */
  get run(): CellRun | undefined {
    return this.services.runs.get(this.cell.id);
  }

  /** The batch of the run, else the one whose card the cell shows. */
  get batch(): IBatch | undefined {
    const { run } = this;
    if (run) {
      return run.batch ?? undefined;
    }
    const id = this.cell.isDisposed ? undefined : batchIdOf(this.cell);
    return id === undefined ? undefined : this.services.batches.get(id);
  }

  /** What `%compute_config` was given in the notebook's kernel. */
  get defaults(): string {
    return this.services.runs.defaults.get(this._path());
  }

  /** What the class file of the notebook's folder sets, if it is accepted. */
  get classRules(): IClassRules | null {
    return this.services.classFiles.rules(this._path());
  }

  /**
   * What the cell's line, or else `%compute_config`, says about where it
   * runs; `null` if nothing does.
   */
  get endpointName(): string | null {
    const { cell, defaults } = this;
    try {
      return parseMagic(cell.sharedModel.getSource(), defaults).endpoint;
    } catch (reason) {
      if (reason instanceof MagicError) {
        return null;
      }
      throw reason;
    }
  }

  /** The endpoint the cell runs on, if it is known. */
  get endpoint(): IEndpointInfo | undefined {
    const { endpoints } = this.services;
    const name = this.endpointName;
    if (name !== null) {
      return endpoints.find(name);
    }
    const chosen = endpoints.chosenFor(this._path());
    return (
      (chosen === null ? undefined : endpoints.find(chosen)) ??
      this.classRules?.endpoint ??
      endpoints.default ??
      undefined
    );
  }

  /** Write another endpoint into the cell's line. */
  chooseEndpoint(name: string): void {
    const { sharedModel } = this.cell;
    sharedModel.setSource(withEndpoint(sharedModel.getSource(), name));
  }

  /** Whether {@link state} tells of something that went wrong. */
  get isProblem(): boolean {
    const { run, batch } = this;
    return (
      !run &&
      (this.services.endpoints.problem !== null ||
        batch?.state === 'failed' ||
        batch?.state === 'problem')
    );
  }

  /** What the cell is doing, or how it ended. */
  get state(): string {
    const { run, batch } = this;
    // Without endpoints nothing can run, and that is what people must know.
    const problem = run ? null : this.services.endpoints.problem;
    if (problem !== null) {
      return problem;
    }
    const parts =
      run && run.phase !== 'waiting'
        ? [this._describePhase(run)]
        : batch
          ? this._describeBatch(batch)
          : [];
    if (run?.inBackground) {
      parts.push(this.trans.__('in the background'));
    }
    return parts.join(' · ');
  }

  /**
   * What to say aloud: of a run, what its card does not. It changes rarely,
   * for a live region speaks at every change.
   */
  get announcement(): string {
    const { run } = this;
    if (!run) {
      return '';
    }
    if (run.inBackground) {
      return this.trans.__('The cell runs in the background.');
    }
    return run.batch ? '' : this._describePhase(run);
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    const { endpoints, batches, runs, classFiles } = this.services;
    this._tick.dispose();
    endpoints.changed.disconnect(this._onChanged, this);
    batches.changed.disconnect(this._onBatchesChanged, this);
    runs.changed.disconnect(this._onRunChanged, this);
    runs.defaults.changed.disconnect(this._onChanged, this);
    classFiles.changed.disconnect(this._onChanged, this);
    if (!this.cell.isDisposed) {
      this.cell.sharedModel.changed.disconnect(this._onChanged, this);
      this.cell.outputs.changed.disconnect(this._onChanged, this);
    }
    super.dispose();
  }

  private _describePhase({ phase }: CellRun): string {
    switch (phase) {
      case 'preparing':
        return this.trans.__('Preparing');
      case 'signing-in':
        return this.trans.__('Sign in to go on');
      case 'sending':
        return this.trans.__('Sending');
      case 'waiting':
        return this.trans.__('Waiting');
      case 'finishing':
        return this.trans.__('Loading values');
      case 'ended':
        return '';
    }
  }

  private _describeBatch(batch: IBatch): string[] {
    const now = Date.now() / 1000;
    const { total, done, failed } = batch.counts;
    const parts: string[] = [];
    if (total > 1) {
      const [ended, all] = [formatCount(done + failed), formatCount(total)];
      parts.push(this.trans.__('%1 of %2', ended, all));
    }
    const left = estimateLeft(batch, now);
    if (left !== null) {
      return [...parts, formatLeft(left, this.trans)];
    }
    const elapsed = (batch.ended ?? now) - batch.created;
    return [
      this._describeState(batch),
      ...parts,
      formatDuration(
        batch.ended === undefined ? Math.floor(elapsed) : elapsed,
        this.trans
      )
    ];
  }

  private _describeState({ state, endpoint }: IBatch): string {
    const known = this.services.endpoints.find(endpoint.id);
    return state === 'waiting' && known?.status === 'offline'
      ? this.trans.__('Waiting for the endpoint')
      : describeState(state, this.trans);
  }

  private _onChanged(): void {
    if (!this.cell.isDisposed) {
      this.stateChanged.emit();
    }
  }

  private _onRunChanged(_: CellRuns, run: CellRun): void {
    if (!this.cell.isDisposed && run.cellId === this.cell.id) {
      this._setClock();
      this.stateChanged.emit();
    }
  }

  /** Batches change often; most are of no concern to this cell. */
  private _onBatchesChanged(): void {
    if (this.cell.isDisposed) {
      return;
    }
    const { batch } = this;
    const now = batch && JSON.stringify([batch.id, batch.state]);
    if (now !== this._lastBatch) {
      this._lastBatch = now;
      this._setClock();
      this.stateChanged.emit();
    }
  }

  /** Let the clock run only while there is a time to move on. */
  private _setClock(): void {
    const { run, batch } = this;
    const ticks =
      run !== undefined || (batch !== undefined && batch.ended === undefined);
    if (ticks !== this._isTicking) {
      this._isTicking = ticks;
      void (ticks ? this._tick.start() : this._tick.stop());
    }
  }

  private readonly _path: () => string;
  private readonly _tick: Poll;
  private _isTicking = false;
  private _lastBatch: string | undefined;
}
