import type { ICodeCellModel } from '@jupyterlab/cells';
import type {
  INotebookCellExecutor,
  INotebookModel
} from '@jupyterlab/notebook';
import { runCell } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import { nullTranslator } from '@jupyterlab/translation';

import type { IServiceNeed } from '../model/accounts/signInGate';
import { TRANSLATION_DOMAIN } from '../model/format';
import { fetchBatch } from './fetchedBatch';
import { CellLanding } from './landing';
import { askedResults, hasConfig } from './magic/lineMagics';
import { isComputeCell } from './magic/magic';
import { RunQueue } from './queue';
import { CellRun } from './run/run';
import type { IRunServices } from './run/runServices';
import type { CellRuns } from './run/runs';
import { showSignInNote } from './signInNote';
import { showWaitNote } from './waitNote';

/** What the bridge speaks. */
const PYTHON = 'python';

type IRunCellOptions = INotebookCellExecutor.IRunCellOptions;

/**
 * Runs the cells of notebooks: `%%compute` cells on an endpoint, all others
 * through JupyterLab's own code.
 */
export class ComputeCellExecutor implements INotebookCellExecutor {
  /**
   * @param signIn - Lets a person sign in; called while the press of a button
   * is handled.
   */
  constructor(
    services: IRunServices,
    runs: CellRuns,
    signIn: (need: IServiceNeed) => void
  ) {
    this._services = services;
    this._runs = runs;
    this._signIn = signIn;
  }

  /** See `INotebookCellExecutor.runCell`. */
  async runCell(options: IRunCellOptions): Promise<boolean> {
    const { cell } = options;
    if (cell.model.type !== 'code') {
      return runCell(options);
    }
    const source = cell.model.sharedModel.getSource();
    const isCompute = isComputeCell(source);
    const asked = isCompute ? [] : askedResults(source);
    const isConfig = !isCompute && hasConfig(source);
    const trans = (options.translator ?? nullTranslator).load(
      TRANSLATION_DOMAIN
    );
    let hideNote = (): void => undefined;
    return this._queueOf(options.notebook).run({
      // What needs the bridge must not be overtaken while it gets there.
      kind: isCompute || isConfig || asked.length > 0 ? 'compute' : 'plain',
      start: release => {
        if (cell.isDisposed) {
          return Promise.resolve(false);
        }
        if (isCompute) {
          return this._runCompute(options, release);
        }
        return isConfig || asked.length > 0
          ? this._runWithBridge(options, asked)
          : runCell(options);
      },
      onWait: runNow => {
        hideNote = showWaitNote(cell, trans, runNow);
      },
      onWaited: () => hideNote()
    });
  }

  /** Drop the cells of a notebook that wait for a `%%compute` cell. */
  dropWaiting(notebook: INotebookModel): void {
    this._queues.get(notebook)?.drop();
  }

  private async _runCompute(
    options: IRunCellOptions,
    release: () => void
  ): Promise<boolean> {
    const { cell, notebook, notebookConfig } = options;
    const kernel = await this._kernelFor(options);
    if (!kernel) {
      return runCell(options);
    }
    const language = await languageOf(kernel);
    const model = cell.model as ICodeCellModel;
    const landing = new CellLanding(notebook, model.id);
    const started = new Date();
    options.onCellExecutionScheduled({ cell });
    landing.begin();
    if (language !== PYTHON) {
      landing.refuse(
        'ComputeError',
        `%%compute runs Python, and the kernel of this notebook is for ${language}. ` +
          'Choose a Python kernel with Change Kernel in the Kernel menu.'
      );
      landing.end({ executionCount: null, started, recordTiming: false });
      options.onCellExecuted({ cell, success: false });
      return false;
    }
    const trans = (options.translator ?? nullTranslator).load(
      TRANSLATION_DOMAIN
    );
    const run: CellRun = new CellRun(this._services, {
      source: model.sharedModel.getSource(),
      cellId: model.id,
      notebookPath: options.sessionContext?.path ?? '',
      kernel,
      landing,
      isShared: notebook.collaborative ?? false,
      onDefaults: line => this._noteDefaults(options, kernel, line),
      showSignIn: need =>
        showSignInNote(cell, need.message, trans, {
          onSignIn: () => {
            this._signIn(need);
          },
          onStop: () => {
            run.stopWaiting();
          }
        })
    });
    this._runs.add(run);
    const success = await run.run(release);
    landing.end({
      executionCount: run.executionCount,
      started,
      recordTiming: notebookConfig.recordTiming
    });
    if (!cell.isDisposed) {
      options.onCellExecuted({ cell, success });
    }
    return success;
  }

  /**
   * Run a plain cell with `%compute_config` or `%compute_result` in it.
   *
   * @param asked - The batches that it asks for again.
   */
  private async _runWithBridge(
    options: IRunCellOptions,
    asked: readonly string[]
  ): Promise<boolean> {
    const kernel = await this._kernelFor(options);
    if (!kernel || (await languageOf(kernel)) !== PYTHON) {
      return runCell(options);
    }
    const bridge = this._services.bridge(kernel);
    try {
      await bridge.defaults();
      for (const name of asked) {
        await bridge.bring(await fetchBatch(this._services, name));
      }
    } catch {
      // The cell runs all the same, and the kernel says what it misses.
    }
    const success = await runCell(options);
    bridge.forgetDefaults();
    bridge.defaults().then(
      line => this._noteDefaults(options, kernel, line),
      () => undefined
    );
    return success;
  }

  private _noteDefaults(
    { sessionContext }: IRunCellOptions,
    kernel: Kernel.IKernelConnection,
    line: string
  ): void {
    this._runs.defaults.note(sessionContext?.path ?? '', line, kernel);
  }

  /** The notebook's kernel, started as JupyterLab would for a plain cell. */
  private async _kernelFor({
    sessionContext,
    sessionDialogs
  }: IRunCellOptions): Promise<Kernel.IKernelConnection | null> {
    if (!sessionContext || sessionContext.isTerminating) {
      return null;
    }
    // A notebook that was just opened is about to start its kernel by itself.
    await sessionContext.ready;
    if (sessionContext.hasNoKernel) {
      const shouldSelect = await sessionContext.startKernel();
      if (shouldSelect && sessionDialogs) {
        await sessionDialogs.selectKernel(sessionContext);
      }
    }
    return sessionContext.session?.kernel ?? null;
  }

  private _queueOf(notebook: INotebookModel): RunQueue {
    let queue = this._queues.get(notebook);
    if (!queue) {
      queue = new RunQueue();
      this._queues.set(notebook, queue);
    }
    return queue;
  }

  private readonly _services: IRunServices;
  private readonly _runs: CellRuns;
  private readonly _signIn: (need: IServiceNeed) => void;
  private readonly _queues = new WeakMap<INotebookModel, RunQueue>();
}

/** The language of a kernel, as `python`. */
async function languageOf(kernel: Kernel.IKernelConnection): Promise<string> {
  const { language_info } = await kernel.info;
  return language_info.name;
}
