/**
 * Finds the text of a function. Loaded with the first of them, because most
 * pages never ask.
 */

import { FunctionSource } from './serialize/functionsource.js';
import { ComputeSerializer } from './serialize/serializer.js';

/**
 * The source text in a function's packed code; nothing is executed.
 *
 * @param code - What is registered, as `IFunctionRecord.code`.
 * @returns `null` when it holds none that can be read.
 */
export function readFunctionSource(code: string): string | null {
  const serializer = new ComputeSerializer();
  try {
    const value = serializer.deserialize(serializer.unpackBuffers(code)[0]);
    return value instanceof FunctionSource ? value.source : null;
  } catch {
    return null;
  }
}
