import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { IBatch } from './batch';

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

/** Token of {@link IBatches}. */
export const IBatches = new Token<IBatches>(
  'jupyterlab-globus-compute:IBatches',
  'The batches that were run from this JupyterLab.'
);
