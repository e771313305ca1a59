import type { ISignal } from '@lumino/signaling';

import type { IEndpointRef } from './endpoints';
import type { ITaskFailure, ITaskSnapshot } from './task';

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
  /**
   * Name of the identity that the tasks run under; only where the notebook is
   * shared, or the settings ask for it.
   */
  readonly identity?: string;
  /** Python version of the workers, where known. */
  readonly pythonVersion?: string;
  /** Version of the Compute SDK that the workers have, where known. */
  readonly sdkVersion?: string;
  /** A remark for the reader, as "Stopped waiting". */
  readonly note?: string;
  /** SHA-256 of the text of the cell that was run, in hex. */
  readonly sourceHash?: string;
  /**
   * Of how many tasks, from the first one on, what they left is among the
   * outputs of the cell.
   */
  readonly landed?: number;
}

/** A batch: one that this browser runs, or one that the vault has. */
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
  /**
   * The tasks that this browser holds: all of a batch that it runs, the first
   * page of one that was opened late, else none. For the others see
   * {@link IBatches.taskPage}.
   */
  readonly tasks: readonly ITaskSnapshot[];
  /** Whether {@link tasks} holds tasks as far as a card shows them. */
  readonly hasTasks: boolean;
  /** Whether this browser submitted it, and follows its tasks itself. */
  readonly isLive: boolean;
  /** Whether it was run from a cell, or is followed from elsewhere. */
  readonly origin: 'cell' | 'elsewhere';
  /** SHA-256 of the text of the cell that was run, in hex; empty if unknown. */
  readonly sourceHash: string;
  /** Whether what the tasks left is among the outputs of the cell. */
  readonly landed: boolean;
  /** How many results the service no longer has and the vault never got. */
  readonly lost: number;
  /** UUIDs of the functions that run. */
  readonly functionIds: readonly string[];
  /** UUID of the task group, once known. */
  readonly taskGroupId: string | undefined;
  /** The first failure, if any. */
  readonly firstFailure: ITaskFailure | undefined;
  readonly note: string | undefined;
  /** Emitted when anything above changed, at most once an animation frame. */
  readonly changed: ISignal<IBatch, void>;
  /** The batch as plain JSON data. */
  snapshot(): IBatchSnapshot;
}
