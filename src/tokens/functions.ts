import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

/** A function of this person, or one that was used here. */
export interface IFunctionInfo {
  /** UUID of the function. */
  readonly id: string;
  /** Name of its service. */
  readonly service: string;
  /** What people call it: its name in the cell, else in Python. */
  readonly name: string;
  /** Its source text; `null` until read, and where it is not text. */
  readonly source: string | null;
  /** Text given at registration. */
  readonly description?: string;
  /** Whether everybody may run it, where known. */
  readonly isPublic?: boolean;
  /** UUID of the group whose members may run it, where known. */
  readonly group?: string;
  /** When it was last used or registered here, seconds since the epoch. */
  readonly used: number;
  /** Ids of the known batches that use it, newest first. */
  readonly batches: readonly string[];
}

/** The functions that this person registered or used here. */
export interface IFunctions {
  /**
   * The functions of the known batches and those registered in this page, the
   * last used one first.
   */
  readonly items: readonly IFunctionInfo[];
  /** Emitted when any of them changed. */
  readonly changed: ISignal<IFunctions, void>;
  /** The function with that id, or of that name. */
  find(nameOrId: string): IFunctionInfo | undefined;
  /**
   * Ask the service for what is registered: source, description, sharing.
   *
   * @throws ComputeError
   */
  load(id: string): Promise<IFunctionInfo>;
  /**
   * Delete a function from its service.
   *
   * @throws ComputeError
   */
  delete(id: string): Promise<void>;
}

/** Token of {@link IFunctions}. */
export const IFunctions = new Token<IFunctions>(
  'jupyterlab-globus-compute:IFunctions',
  'The functions that were registered or used from here.'
);
