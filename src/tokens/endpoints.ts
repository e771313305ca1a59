import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { SignInRequirements } from './accounts';

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
  /** Number of workers that have nothing to do, where it reports that. */
  readonly idleWorkers?: number;
  /** Number of tasks that wait there, whoever's, where it reports that. */
  readonly pendingTasks?: number;
  /** Python version of its workers, where the endpoint publishes it. */
  readonly pythonVersion?: string;
  /** Version of globus-compute-endpoint, where the endpoint publishes it. */
  readonly endpointVersion?: string;
  /** Text its owner wrote. */
  readonly description?: string;
  /** JSON Schema of `--config`, where the endpoint has one. */
  readonly userConfigSchema?: Readonly<Record<string, unknown>>;
  /** What else its last report says; the keys depend on its engine. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Whether a person added it by its id. */
  readonly isAdded?: boolean;
  /** Whether it is of whoever is signed in, where that is known. */
  readonly isOwned?: boolean;
  /** Whether it starts an endpoint for each of its users. */
  readonly isMultiUser?: boolean;
  /** Whether it is the one that Globus offers everybody to try. */
  readonly isTutorial?: boolean;
}

/** A service whose endpoints are not seen before a person has signed in. */
export interface IUnseenService {
  /** Name of the service. */
  readonly service: string;
  /** What people call it. */
  readonly label: string;
  /** What the sign-in must satisfy; `null` for any. */
  readonly requirements: SignInRequirements | null;
}

/** The endpoints of every service this JupyterLab can reach. */
export interface IEndpoints {
  /** Known endpoints in the order in which they are offered, no hidden ones. */
  readonly items: readonly IEndpointInfo[];
  /** The endpoints that a person does not want to be offered. */
  readonly hidden: readonly IEndpointInfo[];
  /** The services whose endpoints are seen after signing in. */
  readonly unseen: readonly IUnseenService[];
  /** Where a cell without `-e` runs; `null` until endpoints are known. */
  readonly default: IEndpointInfo | null;
  /** Why the last reading failed, in words for a person; `null` if it did not. */
  readonly problem: string | null;
  /** Emitted when any of the above changed. */
  readonly changed: ISignal<IEndpoints, void>;
  /** Read the endpoints again; never rejects, see {@link problem}. */
  refresh(): Promise<void>;
  /**
   * The endpoint with that id, name or (ignoring case) display name; hidden
   * ones too.
   */
  find(nameOrId: string): IEndpointInfo | undefined;
  /** Id of the endpoint that was chosen for a notebook; `null` for none. */
  chosenFor(notebookPath: string): string | null;
  /** Where cells of a notebook run that name no endpoint. */
  defaultFor(notebookPath: string): IEndpointInfo | null;
  /**
   * Choose where cells of a notebook run that name no endpoint; `null` for
   * what holds for all notebooks.
   */
  setDefaultFor(notebookPath: string, id: string | null): void;
  /**
   * Offer an endpoint that its service does not list.
   *
   * @param id - UUID of the endpoint.
   * @param service - Name of its service.
   * @throws ComputeError when the service does not know it.
   */
  add(id: string, service: string): Promise<IEndpointInfo>;
  /** Offer an endpoint that was added no longer. */
  remove(id: string): void;
  /** Offer an endpoint no longer, or again. */
  setHidden(id: string, isHidden: boolean): void;
}

/** Token of {@link IEndpoints}. */
export const IEndpoints = new Token<IEndpoints>(
  'jupyterlab-globus-compute:IEndpoints',
  'The endpoints that this JupyterLab can reach.'
);
