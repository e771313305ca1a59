import type { TaskState } from '../../sdk';
import type { BatchState, IBatchCounts, IEndpointRef } from '../../tokens';
import type { IFollowRequest, ITaskQuery } from '../../tokens';
import type { Gateway } from '../gateway';

/** A batch as the vault tells of it. */
export interface IBatchRecord {
  readonly id: string;
  readonly title: string;
  readonly service: string;
  readonly endpoint: IEndpointRef;
  readonly notebookPath: string;
  readonly cellId: string;
  readonly sourceHash: string;
  readonly created: number;
  readonly ended: number | null;
  readonly state: BatchState;
  readonly counts: IBatchCounts;
  readonly taskGroupId: string | null;
  readonly functionIds: readonly string[];
  readonly firstFailure: { type: string; message: string } | null;
  readonly note: string | null;
  readonly origin: 'cell' | 'elsewhere';
  readonly landed: boolean;
  readonly lost: number;
  readonly pythonVersion: string | null;
  /** Counts up with each change. */
  readonly sequence: number;
}

/** A task as the vault tells of it. */
export interface ITaskRecord {
  readonly index: number;
  readonly id: string | null;
  readonly label: string;
  readonly line: number | null;
  readonly functionId: string;
  readonly state: TaskState;
  readonly submitted: number | null;
  readonly started: number | null;
  readonly ended: number | null;
  readonly failure: { type: string; message: string } | null;
  readonly lost: boolean;
}

/** A batch as it is announced to the vault before its calls are submitted. */
export interface IBatchPlan {
  readonly title: string;
  readonly service: string;
  readonly endpoint: IEndpointRef;
  readonly notebookPath: string;
  readonly cellId: string;
  readonly sourceHash: string;
  readonly created: number;
  readonly taskGroupId?: string;
  /** SHA-256 of the accepted class file that it is run with. */
  readonly classHash?: string;
  /** UUID of the browser that claims the landing of the results. */
  readonly client?: string;
  /** The calls of the next submission, in its order. */
  readonly calls: readonly {
    readonly index: number;
    readonly label: string;
    readonly line: number | null;
    readonly functionId: string;
  }[];
}

/** Which batches are asked for. */
export interface IBatchQuery {
  /** Only those of that notebook. */
  readonly notebook?: string;
  readonly limit: number;
  /** Only those created before, in seconds since the epoch. */
  readonly before?: number;
}

/**
 * What a browser says of the landing of a batch's results in its notebook:
 * that it will write them, will not, has written them, or leaves it to
 * whoever opens the notebook next.
 */
export type LandingAction = 'claim' | 'release' | 'landed' | 'background';

/**
 * The vault of the gateway: every batch with its tasks and results.
 *
 * All methods reject as {@link Gateway.request} does.
 */
export class Vault {
  constructor(gateway: Pick<Gateway, 'request' | 'url'>) {
    this._gateway = gateway;
  }

  /** Announce the calls of the next submission of a batch. */
  async plan(id: string, plan: IBatchPlan): Promise<void> {
    await this._gateway.request('PUT', batchPath(id), plan);
  }

  /** Batches, newest first. */
  async list(
    query: IBatchQuery
  ): Promise<{ batches: readonly IBatchRecord[]; sequence: number }> {
    return (await this._gateway.request(
      'GET',
      `batches?${searchOf({ ...query })}`
    )) as { batches: IBatchRecord[]; sequence: number };
  }

  /** One batch. */
  async get(id: string): Promise<IBatchRecord> {
    return (await this._gateway.request('GET', batchPath(id))) as IBatchRecord;
  }

  /** Some tasks of a batch, in order. */
  async tasks(
    id: string,
    query: ITaskQuery
  ): Promise<{ total: number; tasks: readonly ITaskRecord[] }> {
    return (await this._gateway.request(
      'GET',
      `${batchPath(id)}/tasks?${searchOf({ ...query })}`
    )) as { total: number; tasks: ITaskRecord[] };
  }

  /** Forget a batch, for good after an hour. */
  async forget(id: string): Promise<void> {
    await this._gateway.request('DELETE', batchPath(id));
  }

  /** Undo {@link forget}. */
  async restore(id: string): Promise<void> {
    await this._gateway.request('POST', `${batchPath(id)}/restore`, {});
  }

  /**
   * Say something of the landing of a batch.
   *
   * @param client - UUID of who says it.
   * @returns whether it was granted.
   */
  async landing(
    id: string,
    client: string,
    action: LandingAction
  ): Promise<boolean> {
    const { granted } = (await this._gateway.request(
      'POST',
      `${batchPath(id)}/landing`,
      { client, action },
      action !== 'claim'
    )) as { granted: boolean };
    return granted;
  }

  /** Follow tasks that were submitted elsewhere. */
  async follow(request: IFollowRequest): Promise<IBatchRecord> {
    return (await this._gateway.request(
      'POST',
      'follow',
      request
    )) as IBatchRecord;
  }

  /** Address of a batch as JSON lines. */
  exportUrl(id: string): string {
    return this._gateway.url(`${batchPath(id)}/export`);
  }

  private readonly _gateway: Pick<Gateway, 'request' | 'url'>;
}

function batchPath(id: string): string {
  return `batches/${encodeURIComponent(id)}`;
}

function searchOf(query: Record<string, string | number | undefined>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]]
  );
  return new URLSearchParams(given).toString();
}
