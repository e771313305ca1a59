import type { IBridgeStep } from '../../kernel/step';
import type { SignInWaiter } from '../../model/accounts/signInGate';
import type { Batch } from '../../model/batches/batch';
import type { Batches } from '../../model/batches/batches';
import type {
  ISubmitSettings,
  ITaskRequest
} from '../../model/batches/submission';
import type { IMagic } from '../magic/magic';
import { submitSettings, toFunctionSource } from './registration';

/** The tasks of one run: submitted step by step, and again where they fail. */
export class RunTasks {
  constructor(
    batches: Pick<Batches, 'submit'>,
    readonly batch: Batch,
    magic: IMagic,
    waiter: SignInWaiter
  ) {
    this._batches = batches;
    this._magic = magic;
    this._waiter = waiter;
  }

  /**
   * Submit what the kernel prepared.
   *
   * @throws ComputeError as {@link Batches.submit} does.
   */
  async send(step: IBridgeStep): Promise<void> {
    const functions = new Map(
      step.functions.map(
        prepared =>
          [prepared.key, toFunctionSource(prepared, this._magic)] as const
      )
    );
    const calls = step.tasks.map(task => {
      const source = functions.get(task.function);
      if (!source) {
        throw new Error(`The kernel sent no source for ${task.label}.`);
      }
      return { ...task, function: source };
    });
    this._settings = submitSettings(step, this._magic);
    this._calls = calls;
    this._retriesLeft = this._magic.retries;
    await this._submit(calls);
  }

  /** Whether the service has accepted a task of this run. */
  get hasSent(): boolean {
    return this.batch.tasks.some(({ id }) => id !== undefined);
  }

  /** Whether a task of the last step failed and may be tried once more. */
  get canSendAgain(): boolean {
    return this._retriesLeft > 0 && this._failed.length > 0;
  }

  /**
   * Submit again what failed of the last step.
   *
   * @throws ComputeError as {@link Batches.submit} does.
   */
  async sendAgain(): Promise<void> {
    this._retriesLeft -= 1;
    await this._submit(this._failed);
  }

  private _submit(calls: readonly ITaskRequest[]): Promise<void> {
    return this._batches.submit(
      this.batch,
      calls,
      this._settings,
      this._waiter
    );
  }

  private get _failed(): readonly ITaskRequest[] {
    return this._calls.filter(
      ({ index }) => this.batch.tasks[index].state === 'failed'
    );
  }

  private readonly _batches: Pick<Batches, 'submit'>;
  private readonly _magic: IMagic;
  private readonly _waiter: SignInWaiter;
  private _calls: readonly ITaskRequest[] = [];
  private _settings: ISubmitSettings = {};
  private _retriesLeft = 0;
}
