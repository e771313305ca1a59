import { GatewayRefusal } from '../gateway';
import { Vault } from '../vault/vault';
import type { IBatchPlan, IBatchRecord, ITaskRecord } from '../vault/vault';

/** A batch of the vault with what matters to a test; the rest made up. */
export function makeRecord(fields: Partial<IBatchRecord> = {}): IBatchRecord {
  return {
    id: 'batch-1',
    title: 'area',
    service: 'local',
    endpoint: { id: 'ep', name: 'This computer' },
    notebookPath: 'hello.ipynb',
    cellId: 'c1',
    sourceHash: '',
    created: 1_700_000_000,
    ended: null,
    state: 'running',
    counts: { total: 1, waiting: 0, running: 1, done: 0, failed: 0 },
    taskGroupId: 'group',
    functionIds: ['f1'],
    firstFailure: null,
    note: null,
    origin: 'cell',
    landed: false,
    lost: 0,
    pythonVersion: null,
    sequence: 1,
    ...fields
  };
}

/** A task of the vault with what matters to a test; the rest made up. */
export function makeTaskRecord(
  index: number,
  fields: Partial<ITaskRecord> = {}
): ITaskRecord {
  return {
    index,
    id: `t${index}`,
    label: `area(${index})`,
    line: 5,
    functionId: 'f1',
    state: 'success',
    submitted: 1,
    started: 2,
    ended: 3,
    failure: null,
    lost: false,
    ...fields
  };
}

/**
 * A gateway with a vault in memory, for tests: contract-true as far as it
 * goes, and refusing what it does not know.
 */
export class FakeVault extends Vault {
  constructor() {
    super({
      request: (method, path, body) => this._answer(method, path, body),
      url: path => `http://localhost/globus-compute/${path}`
    });
  }

  /** What is asked, as `GET batches`. */
  readonly asked: string[] = [];
  readonly records = new Map<string, IBatchRecord>();
  readonly tasksOf = new Map<string, ITaskRecord[]>();
  readonly plans: (IBatchPlan & { id: string })[] = [];
  readonly forgotten = new Map<string, IBatchRecord>();
  /** Who may write which batch. */
  readonly claims = new Map<string, string>();
  /** What every request fails with, if anything. */
  failure: Error | null = null;

  add(record: IBatchRecord, tasks: ITaskRecord[] = []): void {
    this.records.set(record.id, record);
    this.tasksOf.set(record.id, tasks);
  }

  private async _answer(
    method: string,
    path: string,
    body: unknown
  ): Promise<unknown> {
    const url = new URL(path, 'http://vault/');
    const [, , id = '', verb = ''] = url.pathname.split('/');
    this.asked.push(`${method} ${url.pathname.slice(1)}`);
    if (this.failure) {
      throw this.failure;
    }
    switch (`${method} ${verb}`) {
      case 'PUT ':
        this.plans.push({ id, ...(body as IBatchPlan) });
        return {};
      case 'GET ':
        return id ? this._find(this.records, id) : this._list(url.searchParams);
      case 'GET tasks': {
        const { searchParams } = url;
        const offset = Number(searchParams.get('offset'));
        const tasks = this._find(this.tasksOf, id);
        return {
          total: tasks.length,
          tasks: tasks.slice(offset, offset + Number(searchParams.get('limit')))
        };
      }
      case 'DELETE ':
        this.forgotten.set(id, this._find(this.records, id));
        this.records.delete(id);
        return {};
      case 'POST restore':
        this.records.set(id, this._find(this.forgotten, id));
        return {};
      case 'POST landing':
        return { granted: this._landing(id, body) };
      default:
        throw new Error(`unexpected ${method} ${path}`);
    }
  }

  private _list(query: URLSearchParams): unknown {
    const notebook = query.get('notebook');
    const before = Number(query.get('before') ?? Infinity);
    const batches = [...this.records.values()]
      .filter(
        record =>
          record.created < before &&
          (notebook === null || record.notebookPath === notebook)
      )
      .sort((a, b) => b.created - a.created)
      .slice(0, Number(query.get('limit')));
    return { batches, sequence: 1 };
  }

  private _landing(id: string, body: unknown): boolean {
    const { client, action } = body as { client: string; action: string };
    const record = this._find(this.records, id);
    const owner = this.claims.get(id);
    if (owner !== undefined && owner !== client) {
      return false;
    }
    switch (action) {
      case 'claim':
        if (!record.landed) {
          this.claims.set(id, client);
        }
        return !record.landed;
      case 'landed':
        this.records.set(id, { ...record, landed: true });
        this.claims.delete(id);
        return true;
      default:
        this.claims.delete(id);
        return true;
    }
  }

  private _find<T>(map: ReadonlyMap<string, T>, id: string): T {
    const found = map.get(id);
    if (found === undefined) {
      throw new GatewayRefusal(
        new Response('', { status: 404 }),
        'BATCH_NOT_FOUND',
        `There is no batch ${id}.`
      );
    }
    return found;
  }
}
