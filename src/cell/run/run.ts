import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IBridgeSession } from '../../kernel/bridgeSession';
import { nextTask } from '../../kernel/nextTask';
import type { IBridgeStep } from '../../kernel/step';
import type { IServiceNeed } from '../../model/accounts/signInGate';
import type { Batch } from '../../model/batches/batch';
import { sourceHash } from '../../model/batches/sourceHash';
import type { IEndpointInfo } from '../../tokens';
import { explain, messageOf, StoppedError } from '../explain';
import type { IMagic } from '../magic/magic';
import { helpText } from '../magic/options';
import type { IAim } from './aim';
import type { ClassRun } from './classRun';
import { dryRun } from './dryRun';
import { pythonVersion, watchKernel } from './kernelLife';
import { checkStep, remarksOn } from './preflight';
import { prepare } from './preparation';
import { toFunctionSource } from './registration';
import type { IRunServices, IRunTarget } from './runServices';
import { RunDisplay } from './runDisplay';
import { RunTasks } from './runTasks';
import { RunWaits } from './runWaits';

const UNSENT = 'Stopped before anything was sent: nobody had signed in.';
const STOPPED = 'Stopped waiting. The tasks go on; their values stay there.';
const TIMED_OUT =
  'Stopped waiting: the time of --timeout is over. The tasks go on; their values stay there.';

/**
 * What a run is doing: `preparing` in the kernel, `sending` to the service,
 * `waiting` for results, `finishing` in the kernel with the results; or
 * waiting for a person who is `signing-in`.
 */
export type RunPhase =
  'preparing' | 'signing-in' | 'sending' | 'waiting' | 'finishing' | 'ended';

/** One run of a `%%compute` cell, from its text to its last output. */
export class CellRun {
  constructor(services: IRunServices, target: IRunTarget) {
    this._services = services;
    this._target = target;
    this._display = new RunDisplay(target.landing, services.toMimeBundle);
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
    return this._tasks?.batch ?? null;
  }

  /** The kernel's count of this cell; `null` until the kernel has run it. */
  get executionCount(): number | null {
    return this._executionCount;
  }

  /** Whether the run waits, and may be told to stop. */
  get canStop(): boolean {
    return this._phase === 'waiting' || this._phase === 'signing-in';
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
    const stopWatching = watchKernel(kernel, note => {
      this._kernelEnd = note;
      this._stop(note);
    });
    try {
      return await this._run();
    } catch (reason) {
      explain(reason, this._target.landing, this._tasks !== null);
      return false;
    } finally {
      stopWatching();
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
    return this._stop(this._tasks?.hasSent ? STOPPED : UNSENT);
  }

  private async _run(): Promise<boolean> {
    const prepared = await prepare(this._services, this._target, {
      waiter: this._waitForSignIn,
      onOutput: output => this._display.showKernelOutput(output)
    });
    if (prepared === null) {
      this._display.showText(helpText());
      return true;
    }
    const { session, step, magic, aim } = prepared;
    this._class = prepared.classRun;
    this._executionCount = step.executionCount;
    if (aim === null) {
      this._display.warn(step, magic);
    } else if (magic.dryRun) {
      const text = await dryRun(step, magic, aim, this._target.kernel);
      this._display.showText(text);
    } else if (step.form === 'register' && step.state === 'finished') {
      await this._register(step, magic, aim);
    } else {
      if (!magic.wait) {
        this.sendToBackground();
      }
      await this._finish(session, step, magic, aim);
    }
    return true;
  }

  /** Do something, waiting for a person to sign in where that is needed. */
  private _signedIn<T>(
    service: string | null,
    deed: () => Promise<T>
  ): Promise<T> {
    return this._services.signIns.pass(service, deed, this._waitForSignIn);
  }

  private readonly _waitForSignIn = async (
    need: IServiceNeed,
    renewed: Promise<void>
  ): Promise<void> => {
    const last = this._phase;
    const hide = this._target.showSignIn(need);
    this._setPhase('signing-in');
    try {
      await this._waits.during(() => renewed);
    } finally {
      hide();
    }
    this._setPhase(last);
  };

  /** Submit, wait and resume until the cell has come to its end. */
  private async _finish(
    session: IBridgeSession,
    first: IBridgeStep,
    magic: IMagic,
    aim: IAim
  ): Promise<void> {
    let step = first;
    this._display.warn(step, magic, await this._remarks(magic, aim));
    while (step.state === 'waiting') {
      try {
        await this._sendAndWait(step, magic, aim);
      } catch (reason) {
        // Not awaited: the kernel may be gone, or an interrupt may have taken
        // the request along, and then no answer ever comes.
        session.discard(messageOf(reason)).catch(() => undefined);
        throw reason;
      }
      const outputs = this.batch?.takeOutputs() ?? [];
      this.batch?.land();
      this._display.showOutputs(outputs);
      this._setPhase('finishing');
      step = await session.resume(outputs, output => {
        this._display.showKernelOutput(output);
      });
      this._display.warn(step, magic);
    }
  }

  private async _register(
    step: IBridgeStep,
    magic: IMagic,
    { service }: IAim
  ): Promise<void> {
    for (const prepared of step.functions) {
      const source = toFunctionSource(prepared, magic);
      const { name } = service.profile;
      const id = await this._signedIn(name, () =>
        service.functions.register(source)
      );
      this._services.functions.add({ id, service: name, name: prepared.name });
      this._display.showFunction(prepared.name, id);
    }
    this._display.warn(step, magic);
  }

  private async _sendAndWait(
    step: IBridgeStep,
    magic: IMagic,
    { service, facts }: IAim
  ): Promise<void> {
    await checkStep(step, magic, facts, service.functions);
    this._class?.check(step, this._tasks?.batch.tasks.length ?? 0);
    const isFirst = this._tasks === null;
    this._tasks ??= await this._begin(step, magic, facts.endpoint);
    this._setPhase('sending');
    const sent = this._tasks.send(step);
    if (isFirst) {
      // The card is drawn while the request is under way.
      sent.catch(() => undefined);
      await nextTask();
      this._display.showCard(this._tasks.batch, magic.quiet);
    }
    await sent;
    const deadline =
      magic.timeoutMs === null ? null : Date.now() + magic.timeoutMs;
    await this._wait(this._tasks.batch, deadline);
    while (this._tasks.canSendAgain) {
      this._setPhase('sending');
      await this._tasks.sendAgain();
      await this._wait(this._tasks.batch, deadline);
    }
  }

  private async _begin(
    step: IBridgeStep,
    magic: IMagic,
    endpoint: IEndpointInfo
  ): Promise<RunTasks> {
    const { source, cellId, notebookPath, isShared } = this._target;
    const { batches, identity } = this._services;
    const batch = batches.create({
      title: magic.name ?? step.name,
      service: endpoint.service,
      endpoint: { id: endpoint.id, name: endpoint.name },
      notebookPath,
      cellId,
      identity: identity(endpoint.service, isShared),
      sourceHash: await sourceHash(source),
      classHash: this._class?.hash
    });
    batch.remark(this._class?.note);
    return new RunTasks(batches, batch, magic, this._waitForSignIn);
  }

  private async _wait(batch: Batch, deadline: number | null): Promise<void> {
    this._setPhase('waiting');
    if (this._kernelEnd !== null) {
      // It went while the tasks were sent.
      batch.remark(this._kernelEnd);
      throw new StoppedError(this._kernelEnd);
    }
    await this._signedIn(batch.service, () =>
      this._waits.during(
        signal => this._services.batches.settled(batch, signal),
        deadline === null
          ? undefined
          : { at: deadline, onOver: () => this._stop(TIMED_OUT) }
      )
    );
  }

  private async _remarks(magic: IMagic, { facts }: IAim): Promise<string[]> {
    return remarksOn(magic, facts, await pythonVersion(this._target.kernel));
  }

  private _stop(note: string): boolean {
    const isWaiting = this._waits.stop(note);
    if (isWaiting) {
      this.batch?.remark(note);
    }
    return isWaiting;
  }

  private _setPhase(phase: RunPhase): void {
    if (phase !== this._phase) {
      this._phase = phase;
      this._changed.emit(undefined);
    }
  }

  private readonly _services: IRunServices;
  private readonly _target: IRunTarget;
  private readonly _display: RunDisplay;
  private readonly _changed = new Signal<this, void>(this);
  private _phase: RunPhase = 'preparing';
  private _tasks: RunTasks | null = null;
  private _class: ClassRun | null = null;
  private _executionCount: number | null = null;
  private _inBackground = false;
  private _kernelEnd: string | null = null;
  private readonly _waits = new RunWaits();
  private _release = (): void => undefined;
}
