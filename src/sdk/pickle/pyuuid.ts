/**
 * Python's UUIDs.
 */

/**
 * A `uuid.UUID`.
 */
export class PyUuid {
  /**
   * @param text - 32 hexadecimal digits, with hyphens or without.
   */
  constructor(text = '') {
    this._digits = text.replaceAll('-', '').toLowerCase();
  }

  /** Take a pickled state: a dict with the UUID as an integer. */
  setState(state: unknown): void {
    const value: unknown = state instanceof Map ? state.get('int') : undefined;
    if (typeof value === 'number' || typeof value === 'bigint') {
      this._digits = BigInt(value).toString(16).padStart(32, '0').slice(-32);
    }
  }

  /** With hyphens, e.g. `12345678-1234-5678-1234-567812345678`. */
  toString(): string {
    const ends = [8, 12, 16, 20, 32];
    return ends
      .map((end, i) => this._digits.slice(i === 0 ? 0 : ends[i - 1], end))
      .join('-');
  }

  private _digits: string;
}
