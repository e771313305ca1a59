import type { TaskState } from '../sdk';

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
  /** How often it was submitted, where that was more than once. */
  readonly attempts?: number;
}
