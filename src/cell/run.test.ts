import { NotebookModel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import { PromiseDelegate } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { IBridgeSession, IBridgeStep } from '../kernel/bridge';
import { KernelReplyError } from '../kernel/errors';
import { Batch } from '../model/batch';
import type { Batches } from '../model/batches';
import type { Endpoints } from '../model/endpoints';
import { TaskExecutionFailed } from '../sdk';
import { BATCH_MIME_TYPE } from '../tokens';
import { CellLanding } from './landing';
import type { IRunServices, IRunTarget } from './run';
import { CellRun } from './run';

const ENDPOINT = {
  id: 'ep',
  name: 'This computer',
  registeredName: 'this-computer',
  service: 'local',
  status: 'online' as const
};

const AREA = {
  key: '0',
  name: 'area',
  entry: '_gc_entry',
  source: 'def area(): ...',
  hash: 'h'
};

const step = (options: Partial<IBridgeStep> = {}): IBridgeStep => ({
  form: 'call',
  name: 'area',
  state: 'waiting',
  functions: [AREA],
  tasks: [{ index: 0, function: '0', payload: 'p', label: 'area(1)', line: 3 }],
  warnings: [],
  executionCount: 7,
  ...options
});

const END = step({ state: 'finished', functions: [], tasks: [] });

/** A kernel of which only its life matters here. */
class FakeKernel {
  readonly statusChanged = new Signal<this, Kernel.Status>(this);
  readonly disposed = new Signal<this, void>(this);
}

describe('CellRun', () => {
  let notebook: NotebookModel;
  let kernel: FakeKernel;
  let resume: ReturnType<typeof vi.fn<IBridgeSession['resume']>>;
  let discard: ReturnType<typeof vi.fn<IBridgeSession['discard']>>;
  let first: IBridgeStep | Error;
  let settled: (batch: Batch) => Promise<void>;
  let released: boolean;

  const outputs = (): string[] =>
    (
      notebook.sharedModel.cells[0].toJSON() as unknown as {
        outputs: {
          text?: string;
          evalue?: string;
          data?: Record<string, string>;
        }[];
      }
    ).outputs.map(
      ({ text, evalue, data }) => text ?? evalue ?? data?.['text/plain'] ?? ''
    );

  const run = (source = '%%compute\narea(1)'): CellRun => {
    const cellId = notebook.cells.get(0).id;
    const services: IRunServices = {
      endpoints: {
        resolve: (name: string | null) =>
          Promise.resolve(
            name === null || name === 'ep' ? ENDPOINT : undefined
          ),
        items: [ENDPOINT],
        problem: null
      } as unknown as Endpoints,
      batches: {
        create: origin => new Batch(origin),
        submit: (batch, calls) => {
          batch.plan(calls);
          batch.accept(
            'group',
            ['f'],
            new Map(calls.map(({ index }) => [index, `t${index}`]))
          );
          return Promise.resolve();
        },
        settled: (batch, signal) =>
          Promise.race([
            settled(batch),
            new Promise<never>((_, reject) => {
              signal?.addEventListener('abort', () => {
                reject(signal.reason as Error);
              });
            })
          ])
      } as Pick<Batches, 'create' | 'submit' | 'settled'> as Batches,
      service: () => Promise.reject(new Error('unexpected')),
      bridge: () =>
        ({
          start: () =>
            first instanceof Error
              ? Promise.reject(first)
              : Promise.resolve({ session: { resume, discard }, step: first })
        }) as never,
      toMimeBundle: ({ state }) => ({
        [BATCH_MIME_TYPE]: {},
        'text/plain': state
      })
    };
    const target: IRunTarget = {
      source,
      cellId,
      notebookPath: 'x.ipynb',
      kernel: kernel as unknown as Kernel.IKernelConnection,
      landing: new CellLanding(notebook, cellId)
    };
    return new CellRun(services, target);
  };

  const start = (source?: string): Promise<boolean> =>
    run(source).run(() => {
      released = true;
    });

  beforeEach(() => {
    notebook = new NotebookModel();
    notebook.sharedModel.insertCell(0, { cell_type: 'code', source: '' });
    kernel = new FakeKernel();
    resume = vi.fn<IBridgeSession['resume']>(() => Promise.resolve(END));
    discard = vi.fn<IBridgeSession['discard']>(() => Promise.resolve());
    first = step();
    released = false;
    settled = batch => {
      batch.update({
        taskId: 't0',
        pending: false,
        status: 'success',
        serialized: '00\nx',
        result: new Map<string, unknown>([
          ['gc', 1],
          ['out', 'printed\n']
        ])
      });
      return Promise.resolve();
    };
    return () => notebook.dispose();
  });

  it('submits, waits, shows what was printed and resumes', async () => {
    await expect(start()).resolves.toBe(true);
    expect(resume.mock.calls[0][0]).toMatchObject([
      { index: 0, ok: true, data: '00\nx' }
    ]);
    expect(outputs().slice(1)).toEqual(['printed\n']);
    expect(discard).not.toHaveBeenCalled();
  });

  it('hands a failure to the kernel, which ends the cell quietly', async () => {
    settled = batch => {
      batch.update({
        taskId: 't0',
        pending: false,
        status: 'failed',
        exception: new TaskExecutionFailed('t0', 'ValueError: bad')
      });
      return Promise.resolve();
    };
    resume.mockImplementation((_, onOutput) => {
      onOutput({
        kind: 'add',
        output: {
          output_type: 'error',
          ename: 'TaskFailed',
          evalue: 'ValueError: bad',
          traceback: []
        }
      });
      return Promise.reject(new KernelReplyError('TaskFailed', 'bad'));
    });
    await expect(start()).resolves.toBe(false);
    expect(resume.mock.calls[0][0]).toMatchObject([
      { index: 0, ok: false, data: 'ValueError: bad' }
    ]);
    expect(outputs()).toHaveLength(1);
  });

  it.each([
    ['%%compute --nope', /no option --nope/],
    ['%%compute -e nowhere', /no endpoint "nowhere"\. Known.*This computer/]
  ])('refuses %j before the kernel sees it', async (source, message) => {
    first = new Error('the kernel must not be asked');
    await expect(start(source)).resolves.toBe(false);
    expect(outputs()).toHaveLength(1);
    expect(outputs()[0]).toMatch(message);
  });

  it('adds nothing to what the kernel has shown', async () => {
    first = new KernelReplyError('CellError', 'shown by the kernel');
    await expect(start()).resolves.toBe(false);
    expect(outputs()).toEqual([]);
  });

  it('shows an unforeseen error in one message', async () => {
    first = new Error('the unforeseen');
    await expect(start()).resolves.toBe(false);
    expect(outputs()).toEqual(['the unforeseen']);
  });

  it('stops waiting, tells the kernel and says so in the card', async () => {
    const never = new PromiseDelegate<void>();
    settled = () => never.promise;
    const cell = run();
    const ended = cell.run(() => undefined);
    await vi.waitUntil(() => cell.phase === 'waiting');
    expect(cell.stopWaiting()).toBe(true);
    await expect(ended).resolves.toBe(false);
    expect(cell.batch?.note).toMatch(/^Stopped waiting/);
    expect(discard).toHaveBeenCalledOnce();
    expect(resume).not.toHaveBeenCalled();
    expect(cell.stopWaiting()).toBe(false);
  });

  it('ends though the kernel never answers that it forgot the run', async () => {
    settled = () => new PromiseDelegate<void>().promise;
    discard.mockReturnValue(new PromiseDelegate<void>().promise);
    const cell = run();
    const ended = cell.run(() => undefined);
    await vi.waitUntil(() => cell.phase === 'waiting');
    cell.stopWaiting();
    await expect(ended).resolves.toBe(false);
  });

  it('stops waiting when the time is over', async () => {
    settled = () => new PromiseDelegate<void>().promise;
    const cell = run('%%compute --timeout 0.01\narea(1)');
    await expect(cell.run(() => undefined)).resolves.toBe(false);
    expect(cell.batch?.note).toMatch(/--timeout is over/);
  });

  it('explains its options instead of running', async () => {
    first = new Error('the kernel must not be asked');
    await expect(start('%%compute --help')).resolves.toBe(true);
    expect(outputs()[0]).toMatch(/-e\/--endpoint NAME +Where to run/);
  });

  it('ends when the kernel is restarted while it waits', async () => {
    settled = () => new PromiseDelegate<void>().promise;
    const cell = run();
    const ended = cell.run(() => undefined);
    await vi.waitUntil(() => cell.phase === 'waiting');
    kernel.statusChanged.emit('restarting');
    await expect(ended).resolves.toBe(false);
    expect(cell.batch?.note).toMatch(/kernel was restarted/);
  });

  it('lets the cells below run with --no-wait, or when told', async () => {
    const end = new PromiseDelegate<void>();
    settled = () => end.promise;
    const quick = start('%%compute --no-wait\narea(1)');
    await vi.waitUntil(() => released);

    released = false;
    const cell = run();
    const ended = cell.run(() => {
      released = true;
    });
    expect(cell.canSendToBackground).toBe(false);
    await vi.waitUntil(() => cell.phase === 'waiting');
    expect(released).toBe(false);
    cell.sendToBackground();
    expect(released).toBe(true);
    expect(cell.inBackground).toBe(true);
    end.resolve();
    await expect(Promise.all([quick, ended])).resolves.toEqual([true, true]);
  });

  it('goes on while the kernel asks for more', async () => {
    resume
      .mockResolvedValueOnce(
        step({
          tasks: [
            { index: 1, function: '0', payload: 'q', label: 'area(2)', line: 4 }
          ],
          warnings: ['y is a lazy map']
        })
      )
      .mockResolvedValueOnce(END);
    let index = 0;
    settled = batch => {
      batch.update({
        taskId: `t${index++}`,
        pending: false,
        status: 'success',
        serialized: '11\n1',
        result: 1
      });
      return Promise.resolve();
    };
    await expect(start()).resolves.toBe(true);
    expect(resume.mock.calls[1][0]).toMatchObject([{ index: 1 }]);
    expect(outputs().at(-1)).toBe('Note: y is a lazy map\n');
  });
});
