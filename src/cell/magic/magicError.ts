/** A `%%compute` line that cannot be understood; the message says why. */
export class MagicError extends Error {
  constructor(
    message: string,
    /** The word at fault, as offsets within the magic line. */
    readonly start: number,
    readonly end: number
  ) {
    super(message);
    this.name = 'MagicError';
  }
}
