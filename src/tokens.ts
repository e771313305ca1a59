import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { TaskState } from './sdk';

/** MIME type of a batch card in a notebook's outputs. */
export const BATCH_MIME_TYPE = 'application/vnd.globus-compute.batch+json';

/** Ids of the commands this extension adds. */
export const CommandIDs = {
  /** Run the active `%%compute` cell. */
  run: 'globus-compute:run',
  /** Stop waiting for the results of a cell; its tasks go on. */
  stopWaiting: 'globus-compute:stop-waiting',
  /** Release the cells below a waiting cell. */
  sendToBackground: 'globus-compute:send-to-background',
  /** Show a cell: `{ path, cellId, line? }`. */
  goToCell: 'globus-compute:go-to-cell',
  /** Show the side panel. */
  showPanel: 'globus-compute:show-panel'
} as const;

/** An endpoint as the selector, the card and the panel name it. */
export interface IEndpointRef {
  /** UUID of the endpoint. */
  readonly id: string;
  /** What people call it: its display name, else its name. */
  readonly name: string;
}

/** What is known of an endpoint. */
export interface IEndpointInfo extends IEndpointRef {
  /** Name of the service that lists it (a profile of the gateway). */
  readonly service: string;
  /** The name it was registered with. */
  readonly registeredName: string;
  /** Whether it takes tasks now; `unknown` until its status was read. */
  readonly status: 'online' | 'offline' | 'unknown';
  /** Number of workers, where the endpoint reports it. */
  readonly workers?: number;
  /** Python version of its workers, where the endpoint publishes it. */
  readonly pythonVersion?: string;
}

/** The endpoints of every service this JupyterLab can reach. */
export interface IEndpoints {
  /** Known endpoints, in the order in which they are offered. */
  readonly items: readonly IEndpointInfo[];
  /** Where a cell without `-e` runs; `null` until endpoints are known. */
  readonly default: IEndpointInfo | null;
  /** Why the last reading failed, in words for a person; `null` if it did not. */
  readonly problem: string | null;
  /** Emitted when any of the above changed. */
  readonly changed: ISignal<IEndpoints, void>;
  /** Read the endpoints again; never rejects, see {@link problem}. */
  refresh(): Promise<void>;
  /** The endpoint with that id, name or (ignoring case) display name. */
  find(nameOrId: string): IEndpointInfo | undefined;
}

/** Where in a cell a task failed. */
export interface IFailureFrame {
  /** Line of the cell's text, 1-based. */
  readonly line: number;
  /** Function the line belongs to. */
  readonly name: string;
  /** Text of the line, without indentation. */
  readonly source: string;
}

/** Why a task failed. All text comes from outside: show it as text. */
export interface ITaskFailure {
  /** Class name of the exception, as `ZeroDivisionError`. */
  readonly type: string;
  /** Message of the exception; may be empty. */
  readonly message: string;
  /** Innermost frame inside the cell, where known. */
  readonly frame?: IFailureFrame;
  /** The remote traceback; empty when the message is all there is. */
  readonly traceback: string;
}

/** One task of a batch, as plain JSON data. */
export interface ITaskSnapshot {
  /** Position within the batch, from 0. */
  readonly index: number;
  /** UUID of the task; absent until it was submitted. */
  readonly id?: string;
  /** The call in words, as `area(2)`. */
  readonly label: string;
  readonly state: TaskState;
  /** Line of the cell that made the call, 1-based. */
  readonly line?: number;
  /** Times in seconds since the epoch, where known. */
  readonly submitted?: number;
  readonly started?: number;
  readonly ended?: number;
  readonly failure?: ITaskFailure;
}

/** How many tasks of a batch are in which phase. */
export interface IBatchCounts {
  readonly total: number;
  readonly waiting: number;
  readonly running: number;
  readonly done: number;
  readonly failed: number;
}

/**
 * What a batch as a whole is doing. `sending` until the service accepted it;
 * `problem` if it could not be sent.
 */
export type BatchState =
  'sending' | 'waiting' | 'running' | 'done' | 'failed' | 'problem';

/** A batch as plain JSON data: what a card saves in the notebook. */
export interface IBatchSnapshot {
  /** Version of this layout. */
  readonly version: 1;
  /** UUID of the batch, given by this extension. */
  readonly id: string;
  /** Name of the function, or what `--name` says. */
  readonly title: string;
  readonly state: BatchState;
  /** Name of the service (a profile of the gateway). */
  readonly service: string;
  readonly endpoint: IEndpointRef;
  /** UUID of the task group; absent until submitted. */
  readonly taskGroupId?: string;
  /** UUIDs of the functions that run. */
  readonly functionIds: readonly string[];
  /** When the cell was run, seconds since the epoch. */
  readonly created: number;
  /** When the last task ended, seconds since the epoch. */
  readonly ended?: number;
  readonly counts: IBatchCounts;
  /**
   * The tasks in order; of a batch of more than 1,000 the first 1,000 and no
   * more than 100 failures beyond them.
   */
  readonly tasks: readonly ITaskSnapshot[];
  /** Python version of the workers, where known. */
  readonly pythonVersion?: string;
  /** A remark for the reader, as "Stopped waiting". */
  readonly note?: string;
}

/** A batch of this JupyterLab while it lives. */
export interface IBatch {
  readonly id: string;
  readonly title: string;
  readonly state: BatchState;
  readonly service: string;
  readonly endpoint: IEndpointRef;
  /** Path of the notebook, relative to the server's root. */
  readonly notebookPath: string;
  /** Id of the cell within the notebook. */
  readonly cellId: string;
  /** Seconds since the epoch. */
  readonly created: number;
  readonly ended: number | undefined;
  readonly counts: IBatchCounts;
  readonly tasks: readonly ITaskSnapshot[];
  /** The first failure, if any. */
  readonly firstFailure: ITaskFailure | undefined;
  readonly note: string | undefined;
  /** Emitted when anything above changed, at most once an animation frame. */
  readonly changed: ISignal<IBatch, void>;
  /** The batch as plain JSON data. */
  snapshot(): IBatchSnapshot;
}

/** The batches that were run from this JupyterLab, newest first. */
export interface IBatches {
  readonly items: readonly IBatch[];
  /** Emitted when a batch was added, changed or forgotten. */
  readonly changed: ISignal<IBatches, void>;
  /** The batch with that id, if this JupyterLab knows it. */
  get(id: string): IBatch | undefined;
  /** Forget the batches that have ended. Their cards stay in the notebooks. */
  clearFinished(): void;
}

/** Token of {@link IEndpoints}. */
export const IEndpoints = new Token<IEndpoints>(
  'jupyterlab-globus-compute:IEndpoints',
  'The endpoints that this JupyterLab can reach.'
);

/** Token of {@link IBatches}. */
export const IBatches = new Token<IBatches>(
  'jupyterlab-globus-compute:IBatches',
  'The batches that were run from this JupyterLab.'
);
