/**
 * Reads pickles of protocols 0 to 5 without executing anything.
 */

import { INSTRUCTIONS } from './instructions.js';
import { DEFAULT_LIMITS, type IPickleLimits } from './limits.js';
import { PickleMachine } from './machine.js';
import * as Opcode from './opcodes.js';

/** Instructions between two looks at the clock, less one. */
const CLOCK_MASK = 0xffff;

/**
 * How to read a pickle.
 */
export interface ILoadOptions {
  /** Bounds other than the usual ones. */
  limits?: Partial<IPickleLimits>;

  /**
   * Give floats of integral value as PyFloat, so that `1.0` can be told from
   * `1`; otherwise they are plain numbers.
   */
  keepFloats?: boolean;
}

/**
 * Read a pickle. Classes the reader does not know become inert PyObjects;
 * nothing is imported, called or evaluated.
 *
 * @param bytes - The pickle.
 * @param options - How to read it.
 * @throws DeserializationError when it is malformed or beyond the limits.
 *
 * @see https://docs.python.org/3/library/pickle.html
 */
export function loads(bytes: Uint8Array, options: ILoadOptions = {}): unknown {
  const limits = options.limits
    ? { ...DEFAULT_LIMITS, ...options.limits }
    : DEFAULT_LIMITS;
  const machine = new PickleMachine(
    plainBytes(bytes),
    limits,
    options.keepFloats ?? false
  );
  if (bytes.length > limits.maxBytes) {
    throw machine.error(`it has ${bytes.length} bytes`);
  }
  for (let steps = 1; ; steps++) {
    const opcode = machine.cursor.uint8();
    if (opcode === Opcode.STOP) {
      return machine.pop();
    }
    INSTRUCTIONS[opcode](machine);
    if ((steps & CLOCK_MASK) === 0) {
      machine.checkTime();
    }
  }
}

/** The `slice` of a subclass such as Node's Buffer does not copy. */
function plainBytes(bytes: Uint8Array): Uint8Array {
  return bytes.constructor === Uint8Array
    ? bytes
    : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
