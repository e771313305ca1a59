import type { Kernel, KernelMessage } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';

type Content = KernelMessage.IExecuteRequestMsg['content'];
type Reply = KernelMessage.IExecuteReplyMsg['content'];

/** A message that a kernel sends while it runs code. */
export interface ISentOutput {
  readonly type: string;
  readonly content: object;
}

/** What a kernel does with a request. */
export interface IKernelAnswer {
  /** Sent first, in this order. */
  readonly outputs?: readonly ISentOutput[];
  /** The reply; an `Error` breaks the request off, none leaves it pending. */
  readonly reply?: Reply | Error;
}

/** A request that arrived. */
export interface IKernelRequest {
  readonly content: Content;
  readonly metadata: unknown;
}

/** A signal that counts who listens. */
class CountingSignal<T> extends Signal<object, T> {
  listeners = 0;

  override connect(slot: (sender: object, args: T) => void): boolean {
    const isNew = super.connect(slot);
    this.listeners += Number(isNew);
    return isNew;
  }

  override disconnect(slot: (sender: object, args: T) => void): boolean {
    const wasThere = super.disconnect(slot);
    this.listeners -= Number(wasThere);
    return wasThere;
  }
}

/** A reply of status `ok`; `value` is the repr of the expression asked for. */
export function okReply(value?: string, executionCount = 1): Reply {
  return {
    status: 'ok',
    execution_count: executionCount,
    payload: [],
    user_expressions:
      value === undefined
        ? {}
        : {
            value: { status: 'ok', data: { 'text/plain': value }, metadata: {} }
          }
  };
}

/** A reply of status `error`. */
export function errorReply(ename: string, evalue: string): Reply {
  return {
    status: 'error',
    execution_count: 1,
    ename,
    evalue,
    traceback: []
  };
}

/**
 * Stands in for a kernel: gives announced answers, first in first out, and
 * refuses any other request.
 */
export class FakeKernel {
  readonly statusChanged = new CountingSignal<Kernel.Status>(this);
  readonly connectionStatusChanged =
    new CountingSignal<Kernel.ConnectionStatus>(this);
  readonly disposed = new CountingSignal<undefined>(this);

  /** What arrived, in order. */
  readonly requests: IKernelRequest[] = [];

  /** Requests that nobody announced. */
  readonly refused: string[] = [];

  /** How many announced answers nobody asked for. */
  get unasked(): number {
    return this._answers.length;
  }

  /** How many listeners its signals have. */
  get listeners(): number {
    return (
      this.statusChanged.listeners +
      this.connectionStatusChanged.listeners +
      this.disposed.listeners
    );
  }

  /** What is given to the code under test. */
  get connection(): Kernel.IKernelConnection {
    return this as unknown as Kernel.IKernelConnection;
  }

  /** Announce a request by its answer. */
  expect(answer: IKernelAnswer): this {
    this._answers.push(answer);
    return this;
  }

  /** As `Kernel.IKernelConnection.requestExecute`. */
  requestExecute(
    content: Content,
    _disposeOnDone?: boolean,
    metadata?: unknown
  ): object {
    const answer = this._answers.shift();
    if (!answer) {
      this.refused.push(content.code);
      throw new Error(`Nobody announced: ${content.code.slice(0, 200)}`);
    }
    this.requests.push({ content, metadata });
    return new FakeFuture(answer);
  }

  private readonly _answers: IKernelAnswer[] = [];
}

/** The part of a future that is used: messages, then the reply. */
class FakeFuture {
  constructor(answer: IKernelAnswer) {
    this.done = new Promise((resolve, reject) => {
      // Whoever asked sets `onIOPub` first.
      queueMicrotask(() => {
        for (const { type, content } of answer.outputs ?? []) {
          this.onIOPub?.({ header: { msg_type: type }, content });
        }
        if (answer.reply instanceof Error) {
          reject(answer.reply);
        } else if (answer.reply) {
          resolve({ content: answer.reply });
        }
      });
    });
  }

  readonly done: Promise<{ content: Reply }>;
  onIOPub?: (message: object) => void;
}
