/**
 * MPI programs as functions.
 */

import { ShellFunction } from './shellfunction.js';

/**
 * A shell command to run under an MPI launcher: the counterpart of the Python
 * SDK's class of that name. The resource specification of the executor or
 * batch says on how many nodes and ranks.
 *
 * @example
 * ```ts
 * executor.resourceSpecification = { num_nodes: 2, ranks_per_node: 4 };
 * const future = executor.submit(new MPIFunction('./simulate {steps}'), [], {
 *   steps: 100
 * });
 * ```
 *
 * @see globus_compute_sdk/sdk/mpi_function.py
 */
export class MPIFunction extends ShellFunction {
  /** The class of the Python SDK that runs it. */
  protected override readonly className = 'MPIFunction';
}
