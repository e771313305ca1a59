import type { IMimeBundle } from '@jupyterlab/nbformat';
import type { Kernel } from '@jupyterlab/services';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type {
  IBridgeSession,
  IBridgeStep,
  KernelBridge
} from '../kernel/bridge';
import type { KernelOutput } from '../kernel/execution';
import type { Batch } from '../model/batch';
import type { Batches } from '../model/batches';
import type { Endpoints } from '../model/endpoints';
import type { IService } from '../model/services';
import type { IBatchSnapshot, IEndpointInfo } from '../tokens';
import { resolveEndpoint } from './endpoint';
import { explain, messageOf, StoppedError } from './explain';
import type { CellLanding } from './landing';
import type { IMagic } from './magic';
import { parseMagic } from './magic';
import { helpText } from './options';
import { showCard, showOutputs } from './show';

const STOPPED = 'Stopped waiting. The tasks go on; their values stay there.';
const TIMED_OUT =
  'Stopped waiting: the time of --timeout is over. The tasks go on; their values stay there.';

/** What a run needs from the rest of the house. */
export interface IRunServices {
  readonly endpoints: Endpoints;
  readonly batches: Batches;
  readonly service: (name: string) => Promise<IService>;
  readonly bridge: (kernel: Kernel.IKernelConnection) => KernelBridge;
  /** How a batch is written into the notebook. */
  readonly toMimeBundle: (snapshot: IBatchSnapshot) => IMimeBundle;
}

/** The cell that runs. */
export interface IRunTarget {
  readonly source: string;
  readonly cellId: string;
  readonly notebookPath: string;
  readonly kernel: Kernel.IKernelConnection;
  readonly landing: CellLanding;
}

/**
 * What a run is doing: `preparing` in the kernel, `sending` to the service,
 * `waiting` for results, `finishing` in the kernel with the results.
 */
export type RunPhase =
  'preparing' | 'sending' | 'waiting' | 'finishing' | 'ended';

/** One run of a `%%compute` cell, from its text to its last output. */
export class CellRun {
  constructor(services: IRunServices, target: IRunTarget) {
    this._services = services;
    this._target = target;
  }

  get cellId(): string {
    return this._target.cellId;
  }

  get phase(): RunPhase {
    return this._phase;
  }

  /** Whether the cells below were released before this one has ended. */
  get inBackground(): boolean {
    return this._inBackground;
  }

  /** The batch of this run; `null` until it makes its first call. */
  get batch(): Batch | null {
    return this._batch;
  }

  /** The kernel's count of this cell; `null` until the kernel has run it. */
  get executionCount(): number | null {
    return this._executionCount;
  }

  /** Whether the cells below could be released now. */
  get canSendToBackground(): boolean {
    // While the kernel prepares the cell, the others would overtake it.
    return (
      !this._inBackground &&
      (this._phase === 'sending' || this._phase === 'waiting')
    );
  }

  /** Emitted when the phase, the batch or its place changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /**
   * Run the cell. Everything that goes wrong is shown in the cell.
   *
   * @param release - Lets the cells below run before this one has ended.
   * @returns whether the cell succeeded.
   */
  async run(release: () => void): Promise<boolean> {
    this._release = release;
    const { kernel } = this._target;
    kernel.statusChanged.connect(this._onKernelStatus, this);
    kernel.disposed.connect(this._onKernelGone, this);
    try {
      return await this._run();
    } catch (reason) {
      explain(reason, this._target.landing, this._batch !== null);
      return false;
    } finally {
      kernel.statusChanged.disconnect(this._onKernelStatus, this);
      kernel.disposed.disconnect(this._onKernelGone, this);
      this._setPhase('ended');
    }
  }

  /** Let the cells below run; the results land here when they are ready. */
  sendToBackground(): void {
    if (!this._inBackground) {
      this._inBackground = true;
      this._release();
      this._changed.emit(undefined);
    }
  }

  /**
   * Stop waiting for results. The tasks go on, for nothing can call them
   * back; their states stay in the card.
   *
   * @returns whether there was something to stop.
   */
  stopWaiting(): boolean {
    if (this._phase !== 'waiting') {
      return false;
    }
    this._stop(STOPPED);
    return true;
  }

  private async _run(): Promise<boolean> {
    const { source, cellId, kernel } = this._target;
    const magic = parseMagic(source);
    if (magic.help) {
      this._target.landing.addStream('stdout', helpText());
      return true;
    }
    const endpoint = await resolveEndpoint(
      this._services.endpoints,
      magic.endpoint
    );
    const bridge = this._services.bridge(kernel);
    const { session, step } = await bridge.start(
      {
        source,
        cellId,
        directory: null,
        options: {
          inputs: magic.inputs,
          outputs: magic.outputs,
          body: magic.body,
          capture: magic.capture,
          name: magic.name
        }
      },
      output => this._show(output)
    );
    this._executionCount = step.executionCount;
    if (step.form === 'register') {
      await this._register(step, endpoint);
      return true;
    }
    if (!magic.wait) {
      this.sendToBackground();
    }
    await this._finish(session, step, magic, endpoint);
    return true;
  }

  /** Submit, wait and resume until the cell has come to its end. */
  private async _finish(
    session: IBridgeSession,
    first: IBridgeStep,
    magic: IMagic,
    endpoint: IEndpointInfo
  ): Promise<void> {
    const { landing } = this._target;
    let step = first;
    this._warn(step);
    while (step.state === 'waiting') {
      try {
        await this._send(step, magic, endpoint);
        await this._wait(magic.timeoutMs);
      } catch (reason) {
        // Not awaited: the kernel may be gone, or an interrupt may have taken
        // the request along, and then no answer ever comes.
        session.discard(messageOf(reason)).catch(() => undefined);
        throw reason;
      }
      const outputs = this._batch?.takeOutputs() ?? [];
      showOutputs(landing, outputs);
      this._setPhase('finishing');
      step = await session.resume(outputs, output => this._show(output));
      this._warn(step);
    }
  }

  private async _register(
    step: IBridgeStep,
    endpoint: IEndpointInfo
  ): Promise<void> {
    const { functions } = await this._services.service(endpoint.service);
    for (const source of step.functions) {
      const id = await functions.register(source);
      this._target.landing.add({
        output_type: 'display_data',
        data: { 'text/plain': `${source.name} is registered: function ${id}` },
        metadata: {}
      });
    }
    this._warn(step);
  }

  private async _send(
    step: IBridgeStep,
    magic: IMagic,
    endpoint: IEndpointInfo
  ): Promise<void> {
    const batch = this._batch ?? this._begin(step, magic, endpoint);
    const functions = new Map(
      step.functions.map(source => [source.key, source])
    );
    this._setPhase('sending');
    const calls = step.tasks.map(task => {
      const source = functions.get(task.function);
      if (!source) {
        throw new Error(`The kernel sent no source for ${task.label}.`);
      }
      return { ...task, function: source };
    });
    await this._services.batches.submit(batch, calls);
  }

  private _begin(
    step: IBridgeStep,
    magic: IMagic,
    endpoint: IEndpointInfo
  ): Batch {
    const { cellId, notebookPath, landing } = this._target;
    const { batches, toMimeBundle } = this._services;
    const batch = batches.create({
      title: magic.name ?? step.name,
      service: endpoint.service,
      endpoint: { id: endpoint.id, name: endpoint.name },
      notebookPath,
      cellId
    });
    this._batch = batch;
    showCard(batch, landing, toMimeBundle);
    return batch;
  }

  private async _wait(timeoutMs: number | null): Promise<void> {
    if (!this._batch) {
      return;
    }
    this._setPhase('waiting');
    const stop = new AbortController();
    this._abort = stop;
    const timer =
      timeoutMs === null
        ? undefined
        : setTimeout(() => {
            this._stop(TIMED_OUT);
          }, timeoutMs);
    try {
      await this._services.batches.settled(this._batch, stop.signal);
    } finally {
      clearTimeout(timer);
      this._abort = null;
    }
  }

  private _show(output: KernelOutput): void {
    // An error without traceback ends the cell after a failed task, which
    // the card tells of already.
    const isQuietEnd =
      output.kind === 'add' &&
      output.output.output_type === 'error' &&
      Array.isArray(output.output.traceback) &&
      output.output.traceback.length === 0;
    if (!isQuietEnd) {
      this._target.landing.handle(output);
    }
  }

  private _warn({ warnings }: IBridgeStep): void {
    for (const warning of warnings) {
      this._target.landing.addStream('stderr', `Note: ${warning}\n`);
    }
  }

  private _onKernelStatus(_: unknown, status: Kernel.Status): void {
    if (status === 'restarting' || status === 'autorestarting') {
      this._stop('The kernel was restarted. The values stay there.');
    } else if (status === 'dead') {
      this._onKernelGone();
    }
  }

  private _onKernelGone(): void {
    this._stop('The kernel has ended. The values stay there.');
  }

  private _stop(note: string): void {
    if (this._abort) {
      this._batch?.remark(note);
      this._abort.abort(new StoppedError(note));
    }
  }

  private _setPhase(phase: RunPhase): void {
    if (phase !== this._phase) {
      this._phase = phase;
      this._changed.emit(undefined);
    }
  }

  private readonly _services: IRunServices;
  private readonly _target: IRunTarget;
  private readonly _changed = new Signal<this, void>(this);
  private _phase: RunPhase = 'preparing';
  private _batch: Batch | null = null;
  private _executionCount: number | null = null;
  private _inBackground = false;
  private _abort: AbortController | null = null;
  private _release = (): void => undefined;
}
