import type { TaskExecutionFailed } from '../../sdk';
import type { IFailureFrame, ITaskFailure } from '../../tokens';

/* The line that the capture runtime in the worker appends to a traceback. */
const MARK = '\n#gc ';

/** What a failed task says, taken apart. */
export interface IFailureReport {
  readonly failure: ITaskFailure;
  /** What the task had printed before it failed. */
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Take the error of a task apart.
 *
 * A task of a `%%compute` cell ends its traceback with a line of JSON; any
 * other text is an error of Globus Compute's own.
 */
export function readFailure(error: TaskExecutionFailed): IFailureReport {
  const text = error.remoteText;
  const at = text.lastIndexOf(MARK);
  const details = at < 0 ? null : parseDetails(text.slice(at + MARK.length));
  if (!details) {
    return {
      failure: {
        type: error.errorType ?? 'TaskFailed',
        message: error.errorMessage,
        // What has one line is told by the message.
        traceback: text.trim() === error.errorMessage.trim() ? '' : text
      },
      stdout: '',
      stderr: ''
    };
  }
  return {
    failure: {
      type: asText(details['type']) || 'Error',
      message: asText(details['message']),
      frame: lastFrame(details['frames']),
      traceback: withoutWrapper(text.slice(0, at))
    },
    stdout: asText(details['out']),
    stderr: asText(details['err'])
  };
}

function parseDetails(line: string): Record<string, unknown> | null {
  try {
    const details: unknown = JSON.parse(line.split('\n', 1)[0]);
    return typeof details === 'object' && details !== null
      ? (details as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/*
 * The worker formats the runtime's exception: its text, the user's traceback,
 * follows the name of its class.
 */
function withoutWrapper(text: string): string {
  const start = text.lastIndexOf('Traceback (most recent call last):');
  return start > 0 && /\w+: $/.test(text.slice(0, start))
    ? text.slice(start)
    : text;
}

function lastFrame(frames: unknown): IFailureFrame | undefined {
  if (!Array.isArray(frames)) {
    return undefined;
  }
  for (const frame of [...(frames as unknown[])].reverse()) {
    const [where, line, name, source] = Array.isArray(frame)
      ? (frame as unknown[])
      : [];
    if (where === 'cell' && typeof line === 'number') {
      return { line, name: asText(name), source: asText(source).trim() };
    }
  }
  return undefined;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
