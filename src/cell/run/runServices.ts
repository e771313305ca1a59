import type { IMimeBundle } from '@jupyterlab/nbformat';
import type { Kernel } from '@jupyterlab/services';

import type { KernelBridge } from '../../kernel/bridge';
import type { IServiceNeed, SignInGate } from '../../model/accounts/signInGate';
import type { Batches } from '../../model/batches/batches';
import type { Endpoints } from '../../model/endpoints/endpoints';
import type { FunctionList } from '../../model/functionList';
import type { IService } from '../../model/services';
import type { IAccounts, IBatchSnapshot, IClassRules } from '../../tokens';
import type { CellLanding } from '../landing';
import type { EndpointInquiries } from './endpointFacts';

/** What a run needs from the rest of the house. */
export interface IRunServices {
  readonly endpoints: Endpoints;
  readonly inquiries: EndpointInquiries;
  readonly batches: Batches;
  /** Told of functions that are registered and not called. */
  readonly functions: Pick<FunctionList, 'add'>;
  readonly accounts: Pick<IAccounts, 'groups'>;
  readonly signIns: Pick<SignInGate, 'pass'>;
  /**
   * Name of the identity that a card is to name; `undefined` for none.
   *
   * @param isShared - Whether others work on the notebook too.
   */
  readonly identity: (service: string, isShared: boolean) => string | undefined;
  readonly service: (name: string) => Promise<IService>;
  /** What the class file beside a notebook sets, if it is accepted. */
  readonly classRules: (notebookPath: string) => Promise<IClassRules | null>;
  readonly bridge: (kernel: Kernel.IKernelConnection) => KernelBridge;
  /** How a batch is written into the notebook. */
  readonly toMimeBundle: (snapshot: IBatchSnapshot) => IMimeBundle;
}

/** The cell that runs. */
export interface IRunTarget {
  readonly source: string;
  readonly cellId: string;
  readonly notebookPath: string;
  readonly kernel: Kernel.IKernelConnection;
  readonly landing: CellLanding;
  /** Whether others work on the notebook too, in real time. */
  readonly isShared: boolean;
  /** Told what `%compute_config` was given in the kernel. */
  readonly onDefaults?: (line: string) => void;
  /**
   * Tells a person that the run waits for a sign-in, and lets them do that.
   *
   * @returns takes the message away.
   */
  readonly showSignIn: (need: IServiceNeed) => () => void;
}
