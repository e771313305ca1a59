import type { IMimeBundle } from '@jupyterlab/nbformat';
import type { Kernel } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';

import injectSource from '../../jupyterlab_globus_compute/kernel/inject.py?raw';
import { decodeText, encodeText } from './base64';
import { bridgeSources } from './bridgeSources';
import { KernelReplyError } from './errors';
import type { IExecution, IExecutionReply, KernelOutput } from './execution';
import { execute } from './execution';

/** Name of the package in the kernel. */
const MODULE = '_globus_compute_bridge';

const DOOR = `__import__('sys').modules['${MODULE}']`;

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

/** A function to register: its source text and the name to call it by. */
export interface IPreparedFunction {
  /** Identifies it within the session. */
  readonly key: string;
  /** What the user calls it. */
  readonly name: string;
  /** Name to look up after running the source. */
  readonly entry: string;
  /** Python source text (strategy `st`). */
  readonly source: string;
  /** SHA-256 of entry and source. */
  readonly hash: string;
  /** Its UUID, when it was registered elsewhere. */
  readonly id?: string | null;
  /** What another serializer than `source` made of it: header and body. */
  readonly serialized?: string | null;
}

/** A task to submit. */
interface IPreparedTask {
  /** Counts up over the whole session, from 0. */
  readonly index: number;
  /** Key of its function. */
  readonly function: string;
  /** `[args, kwargs]`, packed as the service expects it. */
  readonly payload: string;
  /** The call in words. */
  readonly label: string;
  /** Line of the cell that made the call, 1-based. */
  readonly line: number | null;
}

/** How far a cell got: what to submit, and whether its end was reached. */
export interface IBridgeStep {
  readonly form: 'call' | 'body' | 'register';
  /** Title of the batch. */
  readonly name: string;
  readonly state: 'waiting' | 'finished';
  readonly functions: readonly IPreparedFunction[];
  /** Only the tasks that are new in this step. */
  readonly tasks: readonly IPreparedTask[];
  readonly warnings: readonly string[];
  /** What `--config` and `--resources` say, evaluated. */
  readonly config?: Readonly<Record<string, unknown>> | null;
  readonly resources?: Readonly<Record<string, unknown>> | null;
  /** What `--dry-run` shows of the cell. */
  readonly report?: string | null;
  /** Execution count of the cell. */
  readonly executionCount: number | null;
}

/** The outcome of a task as the kernel takes it. */
export interface ITaskOutcome {
  readonly index: number;
  readonly ok: boolean;
  /** The serialised result, or the error text. */
  readonly data: string;
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

/**
 * Talks to the bridge inside one kernel: a Python package that this class puts
 * there as text, so that nothing has to be installed.
 */
export class KernelBridge {
  constructor(kernel: Kernel.IKernelConnection) {
    this._kernel = kernel;
  }

  /**
   * Run a cell's text up to where it first needs results.
   *
   * @throws KernelReplyError when the cell was refused or failed; the kernel
   * has already sent what is to be shown.
   * @throws KernelAbortedError, KernelGoneError as `execute` does.
   */
  async start(
    request: IPrepareRequest,
    onOutput: (output: KernelOutput) => void
  ): Promise<{ session: IBridgeSession; step: IBridgeStep }> {
    const sid = UUID.uuid4();
    await this._call(
      `arm('${encodeText(JSON.stringify({ sid, ...request }))}')`
    );
    const reply = await execute(this._kernel, {
      code: request.source,
      expression: `${DOOR}.take('${sid}')`,
      history: true,
      onOutput,
      metadata: { cellId: request.cellId }
    });
    return { session: this._session(sid), step: readStep(reply) };
  }

  /**
   * The options that `%compute_config` was given in this kernel, as a line of
   * them; empty if there are none.
   *
   * @throws what {@link KernelBridge.start} throws.
   */
  async defaults(): Promise<string> {
    const reply = await this._execute({
      code: '',
      expression: `${DOOR}.defaults()`
    });
    return decodeText(reply.value.slice(1, -1));
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

  private _session(sid: string): IBridgeSession {
    return {
      resume: async (outcomes, onOutput) => {
        const text = encodeText(JSON.stringify(outcomes));
        for (let at = 0; at < text.length; at += CHUNK_CHARACTERS) {
          const chunk = text.slice(at, at + CHUNK_CHARACTERS);
          await this._call(`feed('${sid}', '${chunk}')`);
        }
        const reply = await execute(this._kernel, {
          code: `${DOOR}.resume('${sid}')`,
          expression: `${DOOR}.take('${sid}')`,
          onOutput
        });
        return readStep(reply);
      },
      discard: async reason => {
        await this._call(`discard('${sid}', ${JSON.stringify(reason)})`);
      }
    };
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
}

function isMissing(reason: unknown): boolean {
  return (
    reason instanceof KernelReplyError &&
    reason.ename === 'KeyError' &&
    reason.evalue.includes(MODULE)
  );
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

function readStep(reply: IExecutionReply): IBridgeStep {
  // The value is the repr of an ASCII string: quotes around base64.
  const step = JSON.parse(decodeText(reply.value.slice(1, -1))) as Omit<
    IBridgeStep,
    'executionCount'
  >;
  return { ...step, executionCount: reply.executionCount };
}
