import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

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

/** Token of {@link IEndpoints}. */
export const IEndpoints = new Token<IEndpoints>(
  'jupyterlab-globus-compute:IEndpoints',
  'The endpoints that this JupyterLab can reach.'
);
