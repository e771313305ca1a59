import type { ITaskResult } from '../../sdk';
import type { ITaskFailure } from '../../tokens';
import type { IEnvelope } from './envelope';
import { readEnvelope } from './envelope';
import { readFailure } from './failure';

/** What a finished task left, until the kernel has taken it. */
export interface ITaskOutput {
  readonly index: number;
  readonly ok: boolean;
  /** The serialised result, or the error text. */
  readonly data: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly displays: IEnvelope['displays'];
}

/** How a task ended. */
interface ITaskOutcome {
  /** Why it failed; left out if it did not. */
  readonly failure?: ITaskFailure;
  readonly output: ITaskOutput;
}

/** Read how a finished task ended. */
export function readOutcome(index: number, result: ITaskResult): ITaskOutcome {
  if (result.exception) {
    const { failure, stdout, stderr } = readFailure(result.exception);
    const data = result.exception.remoteText;
    return {
      failure,
      output: { index, ok: false, data, stdout, stderr, displays: [] }
    };
  }
  if (result.serialized === undefined) {
    const message =
      result.reason ?? 'The service no longer has the result of this task.';
    return {
      failure: { type: 'ResultLost', message, traceback: message },
      output: {
        index,
        ok: false,
        data: `ResultLost: ${message}`,
        stdout: '',
        stderr: '',
        displays: []
      }
    };
  }
  const envelope = readEnvelope(result.result);
  return {
    output: {
      index,
      ok: true,
      data: result.serialized,
      stdout: envelope?.stdout ?? '',
      stderr: envelope?.stderr ?? '',
      displays: envelope?.displays ?? []
    }
  };
}
