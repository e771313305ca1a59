import type { IMimeBundle } from '@jupyterlab/nbformat';
import type { Kernel } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';

import injectSource from '../../jupyterlab_globus_compute/kernel/inject.py?raw';
import { decodeText, encodeText } from './base64';
import type { IBridgeSession, ITaskOutcome } from './bridgeSession';
import { BridgeSession } from './bridgeSession';
import { bridgeSources } from './bridgeSources';
import { DOOR, isMissing, RESTARTED } from './door';
import { KernelGoneError } from './errors';
import type { IExecution, IExecutionReply, KernelOutput } from './execution';
import { execute } from './execution';
import type { IBridgeStep } from './step';
import { readStep } from './step';

/*
 * A message of more than 10 MiB makes Jupyter's web socket close (tornado's
 * default limit), and base64 text is sent as a literal.
 */
const CHUNK_CHARACTERS = 4 * 1024 * 1024;

/** What a cell asks the bridge for. */
export interface IPrepareRequest {
  /** The whole text of the cell, magic line included. */
  readonly source: string;
  readonly options: {
    readonly inputs: readonly string[];
    readonly outputs: readonly string[];
    readonly body: boolean;
    readonly capture: boolean;
    readonly name: string | null;
    /** Python expressions of one call's arguments. */
    readonly args: string | null;
    readonly kwargs: string | null;
    /** Parameters to vary, each with a Python expression of its values. */
    readonly over: readonly (readonly [param: string, expression: string])[];
    /** Functions registered elsewhere. */
    readonly functions: readonly (readonly [name: string, id: string])[];
    /** The same, where the notebook has nothing of its own by that name. */
    readonly offered: readonly (readonly [name: string, id: string])[];
    readonly registerOnly: boolean;
    readonly dryRun: boolean;
    readonly local: boolean;
    /** JSON, or `$name` of a variable. */
    readonly config: string | null;
    readonly resources: string | null;
    readonly serializer: string | null;
    readonly resultSerializer: string | null;
    readonly quiet: boolean;
  };
  /** Folder of the notebook, where the server tells it. */
  readonly directory: string | null;
  /** Id of the cell, for the kernel's own records. */
  readonly cellId: string;
}

/** What there is of an earlier batch that a cell asks for again. */
export interface IFetchedBatch {
  /** What the cell calls it: a name or an id. */
  readonly asked: string;
  /** Why it cannot be had; `null` if it can. */
  readonly problem: string | null;
  /** How it looks in a notebook. */
  readonly card: IMimeBundle | null;
  /** The outcomes of its tasks, in order. */
  readonly tasks: readonly ITaskOutcome[];
}

/**
 * Talks to the bridge inside one kernel: a Python package that this class puts
 * there as text, so that nothing has to be installed.
 */
export class KernelBridge {
  constructor(kernel: Kernel.IKernelConnection) {
    this._kernel = kernel;
    // A kernel that starts anew has no bridge, and one that is out of reach
    // may do so unnoticed.
    kernel.statusChanged.connect((_, status) => {
      if (status === 'restarting' || status === 'autorestarting') {
        this.forgetDefaults();
      }
    });
    kernel.connectionStatusChanged.connect(() => this.forgetDefaults());
  }

  /**
   * Run a cell's text up to where it first needs results. Its options are
   * those that were made with the last {@link KernelBridge.defaults}.
   *
   * @throws StaleDefaultsError when the kernel has other defaults by now;
   * nothing of the cell was run.
   * @throws KernelReplyError when the cell was refused or failed; the kernel
   * has already sent what is to be shown.
   * @throws KernelAbortedError, KernelGoneError as `execute` does.
   */
  async start(
    request: IPrepareRequest,
    onOutput: (output: KernelOutput) => void
  ): Promise<{ session: IBridgeSession; step: IBridgeStep }> {
    const sid = UUID.uuid4();
    const defaults = await this.defaults();
    const armed = encodeText(JSON.stringify({ sid, defaults, ...request }));
    // Sent at once, for each answer that is waited for costs tens of
    // milliseconds on Jupyter's web socket.
    const arm = execute(this._kernel, { code: `${DOOR}.arm('${armed}')` });
    const [arming, running] = await Promise.allSettled([
      arm,
      execute(this._kernel, {
        code: request.source,
        expression: `${DOOR}.take('${sid}')`,
        history: true,
        onOutput: onceDone(arm, onOutput),
        metadata: { cellId: request.cellId }
      })
    ]);
    if (arming.status === 'rejected') {
      this.forgetDefaults();
      throw isMissing(arming.reason)
        ? new KernelGoneError(RESTARTED)
        : arming.reason;
    }
    if (running.status === 'rejected') {
      throw running.reason;
    }
    try {
      return {
        session: new BridgeSession(this._kernel, sid),
        step: readStep(running.value)
      };
    } catch (reason) {
      this.forgetDefaults();
      throw reason;
    }
  }

  /**
   * The options that `%compute_config` was given in this kernel, as a line of
   * them; empty if there are none. The kernel is asked unless it told before.
   *
   * @throws what {@link KernelBridge.start} throws.
   */
  async defaults(): Promise<string> {
    if (this._defaults === null) {
      const reply = await this._execute({
        code: '',
        expression: `${DOOR}.defaults()`
      });
      this._defaults = decodeText(reply.value.slice(1, -1));
    }
    return this._defaults;
  }

  /** Forget what the kernel told: something may give it other defaults. */
  forgetDefaults(): void {
    this._defaults = null;
  }

  /**
   * Give the kernel what a `%compute_result` line asks for: the cell with that
   * line is to run next.
   *
   * @throws what {@link KernelBridge.start} throws.
   */
  async bring(batch: IFetchedBatch): Promise<void> {
    const text = encodeText(JSON.stringify(batch));
    for (let at = 0; at < text.length; at += CHUNK_CHARACTERS) {
      const chunk = text.slice(at, at + CHUNK_CHARACTERS);
      const isLast = at + CHUNK_CHARACTERS >= text.length;
      await this._call(`bring('${chunk}', ${isLast ? 'True' : 'False'})`);
    }
  }

  /**
   * Give the value of a fetched batch a name, and show nothing: a list, or of
   * a single task its value.
   *
   * @throws KernelReplyError when the kernel refuses.
   * @throws KernelAbortedError, KernelGoneError as `execute` does.
   */
  async load(batch: IFetchedBatch, name: string): Promise<void> {
    await this.bring({ ...batch, card: null });
    const line = JSON.stringify(`"${batch.asked}" -o ${name}`);
    await this._execute({
      code: `get_ipython().run_line_magic('compute_result', ${line})`
    });
  }

  /** Call a function of the bridge, putting the bridge there when missing. */
  private async _call(call: string): Promise<void> {
    await this._execute({ code: `${DOOR}.${call}` });
  }

  private async _execute(request: IExecution): Promise<IExecutionReply> {
    try {
      return await execute(this._kernel, request);
    } catch (reason) {
      if (!isMissing(reason)) {
        throw reason;
      }
      await execute(this._kernel, { code: injection() });
      return execute(this._kernel, request);
    }
  }

  private readonly _kernel: Kernel.IKernelConnection;
  private _defaults: string | null = null;
}

/**
 * Pass on what a request shows as soon as the one sent before it has
 * succeeded, and nothing if that failed: it was not meant to be run then.
 */
function onceDone(
  first: Promise<unknown>,
  onOutput: (output: KernelOutput) => void
): (output: KernelOutput) => void {
  const isDone = first.then(
    () => true,
    () => false
  );
  return output =>
    void isDone.then(done => {
      if (done) {
        onOutput(output);
      }
    });
}

/**
 * Code that makes the package from its texts: an expression, so that no name
 * is left among the user's.
 */
function injection(): string {
  const texts = encodeText(JSON.stringify(bridgeSources));
  return [
    `(lambda space: exec(__import__('base64').b64decode('${encodeText(injectSource)}'), space)`,
    `  or space['inject']('${texts}', get_ipython())`,
    `)({'__name__': '_globus_compute_inject'})`
  ].join('\n');
}
