import type { IMimeBundle } from '@jupyterlab/nbformat';
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { TaskState } from '../sdk';
import type { IBatch } from './batch';
import type { ITaskFailure, ITaskSnapshot } from './task';

/** Some of the tasks of a batch. */
export interface ITaskPage {
  /** How many tasks there are in all, of the state asked for. */
  readonly total: number;
  readonly tasks: readonly ITaskSnapshot[];
}

/** Which of the tasks of a batch are asked for. */
export interface ITaskQuery {
  /** How many to leave out at the start. */
  readonly offset: number;
  /** How many to give, at most 1,000. */
  readonly limit: number;
  /** Only those in this state. */
  readonly state?: TaskState;
}

/** What a finished task left, to be shown. All of it comes from outside. */
export interface ITaskView {
  readonly stdout: string;
  readonly stderr: string;
  /** What was displayed and drawn, in order. */
  readonly displays: readonly IMimeBundle[];
  /** How the value looks; empty for `None`, and where it is not known. */
  readonly value: IMimeBundle;
  readonly failure?: ITaskFailure;
}

/**
 * The batches of this person, newest first: those that this browser runs, and
 * those that the vault has. A batch is there once.
 */
export interface IBatches {
  /** The batches that are known by now; the vault's after {@link refresh}. */
  readonly items: readonly IBatch[];
  /** Whether the vault has older ones; see {@link loadMore}. */
  readonly hasMore: boolean;
  /** Why the vault could not be read, in words; `null` if it could. */
  readonly problem: string | null;
  /** Emitted when a batch was added, changed or forgotten. */
  readonly changed: ISignal<IBatches, void>;
  /** The batch with that id, if it is known by now. */
  get(id: string): IBatch | undefined;
  /** Read the vault's newest batches, and follow them from then on. */
  refresh(): Promise<void>;
  /** Read the next older batches of the vault. */
  loadMore(): Promise<void>;
  /**
   * Forget batches. Their cards stay in the notebooks.
   *
   * @throws ServerConnection.ResponseError; what was not forgotten is back.
   */
  forget(ids: readonly string[]): Promise<void>;
  /** Undo {@link forget}, within the hour. */
  restore(ids: readonly string[]): Promise<void>;
  /**
   * Forget the batches that have ended.
   *
   * @returns their ids, for {@link restore}.
   */
  clearFinished(): Promise<readonly string[]>;
  /** Whether the batch has tasks that its service would call back. */
  canCancel(batch: IBatch): boolean;
  /** Call back the tasks of a batch that have not ended. */
  cancel(id: string): Promise<void>;
  /** Whether {@link retry} would submit something. */
  canRetry(batch: IBatch): boolean;
  /**
   * Submit the failed tasks of a batch again, as tasks of that batch.
   *
   * @throws ComputeError
   */
  retry(id: string): Promise<void>;
  /** Some tasks of a batch, in order. */
  taskPage(id: string, query: ITaskQuery): Promise<ITaskPage>;
  /** What a finished task left; nothing of it is executed. */
  taskView(id: string, taskId: string): Promise<ITaskView>;
  /** Address of the batch as JSON lines, to be downloaded. */
  exportUrl(id: string): string;
  /**
   * Follow tasks that were submitted elsewhere.
   *
   * @throws ServerConnection.ResponseError; its `code` is `TAKE_OVER_NEEDED`
   * where whoever submitted them may then not get their results.
   */
  follow(request: IFollowRequest): Promise<IBatch>;
}

/** Tasks that were submitted elsewhere: their ids, or their task group's. */
export interface IFollowRequest {
  readonly service: string;
  readonly taskIds?: readonly string[];
  readonly taskGroupId?: string;
  /** Whether to fetch results that are given once. */
  readonly takeOver: boolean;
  readonly title?: string;
}

/** Token of {@link IBatches}. */
export const IBatches = new Token<IBatches>(
  'jupyterlab-globus-compute:IBatches',
  'The batches that were run from here, or are followed.'
);
