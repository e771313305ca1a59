import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

/** A compute service as the gateway describes it. */
export interface IServiceInfo {
  /** Its name, which notebooks and settings use; never an address. */
  readonly name: string;
  /** What people call it. */
  readonly label: string;
  /** This computer's own, Globus Compute's, or another. */
  readonly kind: 'local' | 'cloud' | 'other';
  /** Whether one has to sign in to use it. */
  readonly needsAccount: boolean;
  readonly features: {
    /** Whether tasks can be called back. */
    readonly cancel: boolean;
    /** Whether it tells of changes by itself. */
    readonly events: boolean;
  };
  /** Why it cannot be used here and what to do, in words, where that is so. */
  readonly unavailable?: string;
}

/** The services that the Jupyter server can reach. */
export interface IServices {
  /** The services in the gateway's order; empty until they were read. */
  readonly items: readonly IServiceInfo[];
  /** The one that is used where nothing else is said. */
  readonly default: IServiceInfo | null;
  /** Emitted when any of the above changed. */
  readonly changed: ISignal<IServices, void>;
  /** The service of that name, if it was read and is there. */
  find(name: string): IServiceInfo | undefined;
}

/** Token of {@link IServices}. */
export const IServices = new Token<IServices>(
  'jupyterlab-globus-compute:IServices',
  'The compute services that the Jupyter server can reach.'
);
