/**
 * What only Python can do.
 */

import { ComputeError } from '../errors.js';
import type { StrategyId } from './strategies.js';

/**
 * A function in a form that only Python reads or writes, such as bytecode: a
 * kernel is needed.
 */
export class KernelRequired extends ComputeError {
  /**
   * @param strategy - The strategy of the form.
   * @param reason - What cannot be done here.
   */
  constructor(
    readonly strategy: StrategyId,
    reason: string
  ) {
    super(`${reason} Use a Python kernel for it, or plain source ("st").`, {
      code: 'KERNEL_REQUIRED'
    });
  }

  /** Name of the class; minifiers leave it as it is. */
  override name = 'KernelRequired';
}
