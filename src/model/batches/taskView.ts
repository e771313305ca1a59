import type { ITaskResult } from '../../sdk';
import { summarize } from '../../sdk';
import type { ITaskView } from '../../tokens';
import { readEnvelope } from './envelope';
import { readFailure } from './failure';

/**
 * What a finished task left, to be shown: read from its envelope, which
 * executes nothing.
 */
export async function toTaskView(result: ITaskResult): Promise<ITaskView> {
  if (result.exception) {
    const { failure, stdout, stderr } = readFailure(result.exception);
    return { stdout, stderr, displays: [], value: {}, failure };
  }
  const envelope = readEnvelope(result.result);
  return {
    stdout: envelope?.stdout ?? '',
    stderr: envelope?.stderr ?? '',
    displays: envelope?.displays ?? [],
    value: envelope ? envelope.mime : await bareValue(result)
  };
}

/* A function that was sent bare has no envelope: what can be read is shown. */
async function bareValue({
  pending,
  result
}: ITaskResult): Promise<ITaskView['value']> {
  return pending || result === undefined || result === null
    ? {}
    : { 'text/plain': await summarize(result) };
}
