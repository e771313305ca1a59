/**
 * Time zones by name.
 */

/**
 * A `zoneinfo.ZoneInfo`: a time zone of the IANA database.
 */
export class PyZoneInfo {
  /**
   * @param key - Name of the zone, e.g. `Europe/Berlin`.
   */
  constructor(readonly key: string) {}

  /**
   * The zone's offset from UTC, in milliseconds.
   *
   * @param wallTimeMs - The wall clock's time, as if it were UTC, in
   * milliseconds since 1970.
   * @returns `undefined` when the zone is not known here.
   */
  offsetMs(wallTimeMs: number): number | undefined {
    try {
      // The offset depends on the moment, and the moment on the offset: the
      // second guess is right, except within a change of the clocks.
      const guess = this._offsetAt(wallTimeMs);
      return this._offsetAt(wallTimeMs - guess);
    } catch {
      return undefined;
    }
  }

  private _offsetAt(timeMs: number): number {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: this.key,
      timeZoneName: 'longOffset'
    });
    const name = format
      .formatToParts(timeMs)
      .find(part => part.type === 'timeZoneName')?.value;
    const match = /^GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(
      name ?? ''
    );
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = match ?? [];
    const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    return (sign === '-' ? -1000 : 1000) * total;
  }
}
