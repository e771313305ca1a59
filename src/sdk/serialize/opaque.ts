/**
 * A result that is kept as it came.
 */

/**
 * Stands for a serialized value that cannot be decoded here, such as a
 * function. The serialized text is in `ITaskResult.serialized`; a Python
 * kernel can decode it.
 */
export class OpaqueValue {
  /**
   * @param header - The two characters that name the strategy, e.g. `01`.
   * @param summary - What it is and why it is not decoded, for people.
   */
  constructor(
    readonly header: string,
    readonly summary: string
  ) {}
}
