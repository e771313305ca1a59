import { NotebookModel } from '@jupyterlab/notebook';
import type { Kernel } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import { vi } from 'vitest';

import type { IPrepareRequest } from '../../kernel/bridge';
import type { IBridgeSession } from '../../kernel/bridgeSession';
import { StaleDefaultsError } from '../../kernel/errors';
import type { IBridgeStep } from '../../kernel/step';
import type { IServiceNeed } from '../../model/accounts/signInGate';
import { SignInGate } from '../../model/accounts/signInGate';
import { Batch } from '../../model/batches/batch';
import type { Batches } from '../../model/batches/batches';
import type { ITaskRequest } from '../../model/batches/submission';
import type { Endpoints } from '../../model/endpoints/endpoints';
import type { IFunctionSource } from '../../model/functions';
import type { IService } from '../../model/services';
import { FakeAccounts } from '../../model/testing/fakeAccounts';
import { NotFoundError, TaskExecutionFailed } from '../../sdk';
import type { IClassRules, IUnseenService } from '../../tokens';
import { BATCH_MIME_TYPE } from '../../tokens';
import { CellLanding } from '../landing';
import { EndpointInquiries } from '../run/endpointFacts';
import { CellRun } from '../run/run';
import type { IRunServices, IRunTarget } from '../run/runServices';

const ENDPOINT = {
  id: 'ep',
  name: 'This computer',
  registeredName: 'this-computer',
  service: 'local',
  status: 'online' as const
};

/** A function as the kernel prepares it. */
export const AREA = {
  key: '0',
  name: 'area',
  entry: '_gc_entry',
  source: 'def area(): ...',
  hash: 'h'
};

/** The id of a function that the service knows. */
export const KNOWN_ID = '0b8f5c4e-1d2a-4e3f-9a6b-7c8d9e0f1a2b';

/** A step of a cell, with one call, unless told otherwise. */
export const step = (options: Partial<IBridgeStep> = {}): IBridgeStep => ({
  form: 'call',
  name: 'area',
  state: 'waiting',
  functions: [AREA],
  tasks: [{ index: 0, function: '0', payload: 'p', label: 'area(1)', line: 3 }],
  warnings: [],
  executionCount: 7,
  ...options
});

/** The last step of a cell. */
export const END = step({ state: 'finished', functions: [], tasks: [] });

/** A kernel of which only its life matters here. */
class FakeKernel {
  readonly info = Promise.resolve({ language_info: { version: '3.11.7' } });
  readonly statusChanged = new Signal<this, Kernel.Status>(this);
  readonly disposed = new Signal<this, void>(this);
}

/** A service that knows one function and takes what it is given. */
class FakeService {
  status = 'online';
  allowed: readonly string[] | null = null;
  readonly registered: IFunctionSource[] = [];
  readonly profile = { name: 'local' };
  readonly client = {
    getFunction: (id: string) =>
      id === KNOWN_ID
        ? Promise.resolve({ id })
        : Promise.reject(new NotFoundError('No such function.')),
    getEndpointStatus: () =>
      Promise.resolve({ status: this.status, details: {} }),
    getAllowedFunctions: () =>
      Promise.resolve({
        endpointId: 'ep',
        restricted: this.allowed !== null,
        functions: this.allowed ?? []
      })
  };
  readonly functions = {
    register: (source: IFunctionSource) => {
      this.registered.push(source);
      return Promise.resolve('f1');
    },
    known: ({ id }: IFunctionSource) => Promise.resolve(id ?? undefined)
  };
}

/** A notebook with one cell, and all that a run of it talks to. */
export class FakeRun {
  constructor() {
    this.notebook.sharedModel.insertCell(0, { cell_type: 'code', source: '' });
  }

  readonly notebook = new NotebookModel();
  readonly kernel = new FakeKernel();
  readonly service = new FakeService();
  /** The functions that the rest of the house was told of. */
  readonly added: unknown[] = [];
  readonly accounts = new FakeAccounts([], {
    refresh: () => Promise.resolve()
  });
  /** What a person was told to sign in for, and whether that is shown. */
  readonly needs: IServiceNeed[] = [];
  shownNeeds = 0;
  /** Why the next submissions are refused, in their order. */
  readonly refusals: Error[] = [];
  /** Services whose endpoints are not seen; the endpoint is one of them. */
  unseen: readonly IUnseenService[] = [];
  readonly resume = vi.fn<IBridgeSession['resume']>(() => Promise.resolve(END));
  readonly discard = vi.fn<IBridgeSession['discard']>(() => Promise.resolve());

  /** The step that the kernel answers with first, or why it does not. */
  first: IBridgeStep | Error = step();
  /** What `%compute_config` was given. */
  defaults = '';
  /** What it is given while a cell is prepared, each time once. */
  readonly laterDefaults: string[] = [];
  /** Ends the tasks of a batch that wait. */
  settled: (batch: Batch) => Promise<void> = endTasks({ printed: 'printed\n' });
  /** What an accepted class file sets. */
  classRules: IClassRules | null = null;
  released = false;
  isShared = false;
  /** What the kernel was asked to prepare. */
  requested: IPrepareRequest | undefined;
  readonly submits: {
    readonly calls: readonly ITaskRequest[];
    readonly settings: unknown;
  }[] = [];

  /** The texts of the cell's outputs. */
  get outputs(): string[] {
    const { outputs } =
      this.notebook.sharedModel.cells[0].toJSON() as unknown as {
        outputs: {
          text?: string;
          evalue?: string;
          data?: Record<string, string>;
        }[];
      };
    return outputs.map(
      ({ text, evalue, data }) => text ?? evalue ?? data?.['text/plain'] ?? ''
    );
  }

  run(source = '%%compute\narea(1)'): CellRun {
    const cellId = this.notebook.cells.get(0).id;
    const target: IRunTarget = {
      source,
      cellId,
      notebookPath: 'x.ipynb',
      kernel: this.kernel as unknown as Kernel.IKernelConnection,
      landing: new CellLanding(this.notebook, cellId),
      isShared: this.isShared,
      showSignIn: need => {
        this.needs.push(need);
        this.shownNeeds += 1;
        return () => {
          this.shownNeeds -= 1;
        };
      }
    };
    return new CellRun(this._services(), target);
  }

  start(source?: string): Promise<boolean> {
    return this.run(source).run(() => {
      this.released = true;
    });
  }

  private _services(): IRunServices {
    const { resume, discard } = this;
    const signIns = new SignInGate(this.accounts);
    const unseen = (): readonly IUnseenService[] => this.unseen;
    return {
      endpoints: {
        resolve: (name: string | null) =>
          Promise.resolve(
            this.unseen.length === 0 && (name === null || name === 'ep')
              ? ENDPOINT
              : undefined
          ),
        items: [ENDPOINT],
        problem: null,
        chosenFor: () => null,
        get unseen() {
          return unseen();
        }
      } as unknown as Endpoints,
      inquiries: new EndpointInquiries(),
      accounts: this.accounts,
      functions: { add: info => this.added.push(info) },
      signIns,
      identity: (_, isShared) => (isShared ? 'ada@university' : undefined),
      classRules: () => Promise.resolve(this.classRules),
      batches: {
        create: origin => new Batch(origin),
        submit: async (batch, calls, settings, waiter) => {
          batch.plan(calls);
          const deed = (): Promise<void> => {
            const refusal = this.refusals.shift();
            if (refusal) {
              return Promise.reject(refusal);
            }
            this.submits.push({ calls, settings });
            return Promise.resolve();
          };
          try {
            await (waiter ? signIns.pass('local', deed, waiter) : deed());
          } catch (reason) {
            batch.fail(String(reason));
            throw reason;
          }
          batch.accept(
            'group',
            ['f'],
            new Map(calls.map(({ index }) => [index, taskId(batch, index)]))
          );
        },
        settled: (batch, signal) =>
          Promise.race([
            this.settled(batch),
            new Promise<never>((_, reject) => {
              const stop = (): void => reject(signal?.reason as Error);
              if (signal?.aborted) {
                stop();
              }
              signal?.addEventListener('abort', stop);
            })
          ])
      } as Pick<Batches, 'create' | 'submit' | 'settled'> as Batches,
      service: () => Promise.resolve(this.service as unknown as IService),
      bridge: () =>
        ({
          defaults: () => Promise.resolve(this.defaults),
          start: (request: IPrepareRequest) => {
            this.requested = request;
            const defaults = this.laterDefaults.shift();
            if (defaults !== undefined) {
              this.defaults = defaults;
              return Promise.reject(new StaleDefaultsError());
            }
            return this.first instanceof Error
              ? Promise.reject(this.first)
              : Promise.resolve({
                  session: { resume, discard },
                  step: this.first
                });
          }
        }) as never,
      toMimeBundle: ({ state }) => ({
        [BATCH_MIME_TYPE]: {},
        'text/plain': state
      })
    };
  }
}

/**
 * Ends the tasks that wait: the first ones fail, the others succeed.
 *
 * @param failures - How many fail over time.
 * @param printed - What each that succeeds has printed.
 */
export function endTasks({
  failures = 0,
  printed = ''
}: {
  failures?: number;
  printed?: string;
}): (batch: Batch) => Promise<void> {
  let left = failures;
  return batch => {
    for (const { id = '', state } of batch.tasks) {
      if (state === 'success' || state === 'failed') {
        continue;
      }
      left -= 1;
      batch.update({
        taskId: id,
        pending: false,
        ...(left >= 0
          ? {
              status: 'failed',
              exception: new TaskExecutionFailed(id, 'ValueError: bad')
            }
          : {
              status: 'success',
              serialized: '00\nx',
              result: new Map<string, unknown>([
                ['gc', 1],
                ['out', printed]
              ])
            })
      });
    }
    return Promise.resolve();
  };
}

function taskId(batch: Batch, index: number): string {
  return `t${index}, attempt ${batch.tasks[index].attempts ?? 1}`;
}
