import { decodeText } from './base64';
import { StaleDefaultsError } from './errors';
import type { IExecutionReply } from './execution';

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

/**
 * The step that a request for it was answered with.
 *
 * @throws StaleDefaultsError when the cell was prepared with other defaults.
 */
export function readStep(reply: IExecutionReply): IBridgeStep {
  // The value is the repr of an ASCII string: quotes around base64.
  const step = JSON.parse(decodeText(reply.value.slice(1, -1))) as
    Omit<IBridgeStep, 'executionCount'> | { readonly state: 'stale' };
  if (step.state === 'stale') {
    throw new StaleDefaultsError();
  }
  return { ...step, executionCount: reply.executionCount };
}
