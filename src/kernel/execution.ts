import type { IOutput } from '@jupyterlab/nbformat';
import type { Kernel, KernelMessage } from '@jupyterlab/services';

import {
  KernelAbortedError,
  KernelGoneError,
  KernelReplyError
} from './errors';

/** Something a kernel sends to be shown while it runs code. */
export type KernelOutput =
  | {
      readonly kind: 'add';
      readonly output: IOutput;
      readonly displayId?: string;
    }
  | {
      readonly kind: 'update';
      readonly output: IOutput;
      readonly displayId: string;
    }
  | { readonly kind: 'clear'; readonly wait: boolean };

/** What to run, and what to do with what it shows. */
export interface IExecution {
  /** Code to run. */
  readonly code: string;
  /** An expression to evaluate afterwards. */
  readonly expression?: string;
  /** Keep it in the kernel's history and count it. */
  readonly history?: boolean;
  /**
   * Receives what the code shows. Without it the request is silent: no
   * output, no history, no count.
   */
  readonly onOutput?: (output: KernelOutput) => void;
  /** Metadata of the request, as the cell's id. */
  readonly metadata?: { readonly cellId: string };
}

/** What came of it. */
export interface IExecutionReply {
  /** The kernel's execution count. */
  readonly executionCount: number | null;
  /** `repr` of the expression's value; empty when none was asked for. */
  readonly value: string;
}

/**
 * Run code in a kernel and wait for its reply.
 *
 * @throws {@link KernelReplyError} when the code or the expression failed.
 * @throws {@link KernelAbortedError} when the kernel skipped the request.
 * @throws {@link KernelGoneError} when the kernel restarted, died or was
 * disconnected for good: such a request may stay pending for ever otherwise.
 */
export async function execute(
  kernel: Kernel.IKernelConnection,
  execution: IExecution
): Promise<IExecutionReply> {
  const { onOutput } = execution;
  const future = kernel.requestExecute(
    {
      code: execution.code,
      silent: !onOutput,
      store_history: execution.history ?? false,
      user_expressions: execution.expression
        ? { value: execution.expression }
        : {},
      allow_stdin: false,
      stop_on_error: execution.history ?? false
    },
    true,
    execution.metadata
  );
  if (onOutput) {
    future.onIOPub = message => {
      const output = toOutput(message);
      if (output) {
        onOutput(output);
      }
    };
  }
  const reply = await whileAlive(kernel, future.done);
  return readReply(reply.content);
}

function readReply(
  content: KernelMessage.IExecuteReplyMsg['content']
): IExecutionReply {
  if (content.status === 'ok') {
    return {
      executionCount: content.execution_count,
      value: readExpression(content.user_expressions['value'])
    };
  }
  if (content.status === 'error') {
    throw new KernelReplyError(content.ename, content.evalue);
  }
  throw new KernelAbortedError();
}

interface IExpressionValue {
  readonly status?: string;
  readonly ename?: string;
  readonly evalue?: string;
  readonly data?: { readonly 'text/plain'?: string };
}

function readExpression(value: unknown): string {
  if (value === undefined) {
    return '';
  }
  const expression = value as IExpressionValue;
  if (expression.status !== 'ok') {
    throw new KernelReplyError(
      expression.ename ?? 'Error',
      expression.evalue ?? 'The kernel could not evaluate an expression.'
    );
  }
  return expression.data?.['text/plain'] ?? '';
}

/** Reject as soon as the kernel can no longer answer. */
async function whileAlive<T>(
  kernel: Kernel.IKernelConnection,
  answer: Promise<T>
): Promise<T> {
  let stop = (): void => undefined;
  const gone = new Promise<never>((_, reject) => {
    const onStatus = (_: unknown, status: Kernel.Status): void => {
      if (status === 'restarting' || status === 'autorestarting') {
        reject(new KernelGoneError('The kernel was restarted.'));
      } else if (status === 'dead' || status === 'terminating') {
        reject(new KernelGoneError('The kernel has ended.'));
      }
    };
    const onConnection = (
      _: unknown,
      status: Kernel.ConnectionStatus
    ): void => {
      if (status === 'disconnected') {
        reject(new KernelGoneError('The connection to the kernel was lost.'));
      }
    };
    const onDisposed = (): void => {
      reject(new KernelGoneError('The notebook left its kernel.'));
    };
    kernel.statusChanged.connect(onStatus);
    kernel.connectionStatusChanged.connect(onConnection);
    kernel.disposed.connect(onDisposed);
    stop = () => {
      kernel.statusChanged.disconnect(onStatus);
      kernel.connectionStatusChanged.disconnect(onConnection);
      kernel.disposed.disconnect(onDisposed);
    };
  });
  try {
    return await Promise.race([answer, gone]);
  } catch (reason) {
    // The services package cancels open futures with a plain Error.
    if (reason instanceof Error && reason.message.startsWith('Canceled')) {
      throw new KernelGoneError('The kernel was restarted.');
    }
    throw reason;
  } finally {
    stop();
  }
}

function toOutput(message: KernelMessage.IIOPubMessage): KernelOutput | null {
  const type = message.header.msg_type;
  const { transient, ...content } = message.content as {
    transient?: { display_id?: string };
    wait?: boolean;
  };
  const displayId = transient?.display_id;
  switch (type) {
    case 'stream':
    case 'error':
    case 'display_data':
    case 'execute_result':
      return {
        kind: 'add',
        output: { ...content, output_type: type },
        displayId
      };
    case 'update_display_data':
      return displayId === undefined
        ? null
        : {
            kind: 'update',
            output: { ...content, output_type: 'display_data' },
            displayId
          };
    case 'clear_output':
      return { kind: 'clear', wait: content.wait ?? false };
    default:
      return null;
  }
}
