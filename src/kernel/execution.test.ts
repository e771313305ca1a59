// @vitest-environment node
import type { Kernel } from '@jupyterlab/services';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  KernelAbortedError,
  KernelGoneError,
  KernelReplyError
} from './errors';
import type { KernelOutput } from './execution';
import { execute } from './execution';
import type { ISentOutput } from './testing/fakeKernel';
import { errorReply, FakeKernel, okReply } from './testing/fakeKernel';

let kernel: FakeKernel;

beforeEach(() => {
  kernel = new FakeKernel();
});

afterEach(() => {
  expect(kernel.refused).toEqual([]);
  expect(kernel.unasked).toBe(0);
  expect(kernel.listeners).toBe(0);
});

describe('the request', () => {
  it('is silent when nobody takes its outputs', async () => {
    kernel.expect({ reply: okReply() });
    await execute(kernel.connection, { code: 'f()' });
    expect(kernel.requests).toEqual([
      {
        content: {
          code: 'f()',
          silent: true,
          store_history: false,
          user_expressions: {},
          allow_stdin: false,
          stop_on_error: false
        },
        metadata: undefined
      }
    ]);
  });

  it('is counted, kept and marked as the cell it is', async () => {
    kernel.expect({ reply: okReply("'x'", 7) });
    const reply = await execute(kernel.connection, {
      code: '%%compute',
      expression: 'take()',
      history: true,
      onOutput: () => undefined,
      metadata: { cellId: 'c1' }
    });
    expect(reply).toEqual({ executionCount: 7, value: "'x'" });
    const [{ content, metadata }] = kernel.requests;
    expect(content).toMatchObject({
      silent: false,
      store_history: true,
      stop_on_error: true,
      user_expressions: { value: 'take()' }
    });
    expect(metadata).toEqual({ cellId: 'c1' });
  });
});

describe('outputs', () => {
  const shownBy = async (outputs: ISentOutput[]): Promise<KernelOutput[]> => {
    const shown: KernelOutput[] = [];
    kernel.expect({ outputs, reply: okReply() });
    await execute(kernel.connection, {
      code: 'f()',
      onOutput: output => shown.push(output)
    });
    return shown;
  };

  it('are passed on in order, as notebook outputs', async () => {
    const stream = { name: 'stdout', text: '1\n' };
    const result = { execution_count: 1, data: {}, metadata: {} };
    const error = { ename: 'E', evalue: 'v', traceback: [] };
    const shown = await shownBy([
      { type: 'status', content: { execution_state: 'busy' } },
      { type: 'execute_input', content: { code: 'f()' } },
      { type: 'stream', content: stream },
      { type: 'execute_result', content: result },
      { type: 'error', content: error }
    ]);
    expect(shown.map(output => 'output' in output && output.output)).toEqual([
      { output_type: 'stream', ...stream },
      { output_type: 'execute_result', ...result },
      { output_type: 'error', ...error }
    ]);
  });

  it('keep the id they are updated by, not among what is saved', async () => {
    const data = { data: { 'text/plain': '1' }, metadata: {} };
    const content = { ...data, transient: { display_id: 'd' } };
    const output = { output_type: 'display_data', ...data };
    expect(
      await shownBy([
        { type: 'display_data', content },
        { type: 'update_display_data', content },
        { type: 'update_display_data', content: data }
      ])
    ).toEqual([
      { kind: 'add', output, displayId: 'd' },
      { kind: 'update', output, displayId: 'd' }
    ]);
  });

  it('are cleared at once or with the next', async () => {
    expect(
      await shownBy([
        { type: 'clear_output', content: { wait: true } },
        { type: 'clear_output', content: {} }
      ])
    ).toEqual([
      { kind: 'clear', wait: true },
      { kind: 'clear', wait: false }
    ]);
  });
});

describe('the reply', () => {
  const run = (expression?: string): Promise<unknown> =>
    execute(kernel.connection, { code: 'f()', expression });

  it('of an error says which', async () => {
    kernel.expect({ reply: errorReply('ValueError', 'no') });
    const failure: unknown = await run().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(KernelReplyError);
    expect(failure).toMatchObject({ ename: 'ValueError', evalue: 'no' });
  });

  it('of a request that was skipped says so', async () => {
    kernel.expect({ reply: { status: 'aborted', execution_count: 1 } });
    await expect(run()).rejects.toBeInstanceOf(KernelAbortedError);
  });

  it('of an expression that failed says why', async () => {
    const value = { status: 'error', ename: 'KeyError', evalue: "'x'" };
    kernel.expect({
      reply: { ...okReply(), user_expressions: { value } } as never
    });
    await expect(run('d["x"]')).rejects.toMatchObject({
      ename: 'KeyError',
      evalue: "'x'"
    });
  });

  it('that breaks off for a reason of its own keeps it', async () => {
    const reason = new Error('broken');
    kernel.expect({ reply: reason });
    await expect(run()).rejects.toBe(reason);
  });

  it('cancelled by the services package means a restart', async () => {
    kernel.expect({ reply: new Error('Canceled future for execute_request') });
    await expect(run()).rejects.toThrow(
      new KernelGoneError('The kernel was restarted.')
    );
  });
});

describe('a kernel that can no longer answer', () => {
  const pending = (): Promise<unknown> => {
    kernel.expect({});
    return execute(kernel.connection, { code: 'f()' });
  };

  it.each<[Kernel.Status, string]>([
    ['restarting', 'The kernel was restarted.'],
    ['autorestarting', 'The kernel was restarted.'],
    ['dead', 'The kernel has ended.'],
    ['terminating', 'The kernel has ended.']
  ])('is told by its status %s', async (status, message) => {
    const answer = pending();
    kernel.statusChanged.emit(status);
    await expect(answer).rejects.toThrow(new KernelGoneError(message));
  });

  it('is told by a connection that is lost', async () => {
    const answer = pending();
    kernel.connectionStatusChanged.emit('disconnected');
    await expect(answer).rejects.toThrow(
      new KernelGoneError('The connection to the kernel was lost.')
    );
  });

  it('is told by a notebook that left it', async () => {
    const answer = pending();
    kernel.disposed.emit(undefined);
    await expect(answer).rejects.toThrow(
      new KernelGoneError('The notebook left its kernel.')
    );
  });

  it('is not one that is busy or being connected again', async () => {
    kernel.expect({ reply: okReply("'x'") });
    const answer = execute(kernel.connection, { code: 'f', expression: 'x' });
    for (const status of ['busy', 'idle', 'unknown'] as const) {
      kernel.statusChanged.emit(status);
    }
    for (const status of ['connecting', 'connected'] as const) {
      kernel.connectionStatusChanged.emit(status);
    }
    expect((await answer).value).toBe("'x'");
  });
});
