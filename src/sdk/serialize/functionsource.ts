/**
 * Python functions as source.
 */

import { OpaqueValue } from './opaque.js';

/**
 * A Python function as its source. It is text: nothing here runs it.
 */
export class FunctionSource extends OpaqueValue {
  /**
   * @param functionName - Name the source binds the function to.
   * @param source - Python source.
   * @param header - The strategy it was read from.
   */
  constructor(
    readonly functionName: string,
    readonly source: string,
    header = 'st'
  ) {
    super(header, `function ${functionName} as source`);
  }
}
