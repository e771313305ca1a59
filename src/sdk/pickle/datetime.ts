/**
 * The values of Python's `datetime` module, with microseconds and offsets
 * that JavaScript's Date has no room for.
 */

import { PyZoneInfo } from './zoneinfo.js';

/**
 * A `datetime.timedelta`, normalised as Python does: the days may be negative,
 * the seconds (below 86400) and microseconds (below 1000000) may not.
 */
export class PyTimedelta {
  constructor(
    readonly days: number,
    readonly seconds: number,
    readonly microseconds: number
  ) {}

  /** The whole length in seconds. */
  get totalSeconds(): number {
    return this.days * 86_400 + this.seconds + this.microseconds / 1e6;
  }
}

/**
 * A `datetime.timezone`: a fixed offset from UTC, with a name or without.
 */
export class PyTimezone {
  constructor(
    readonly offset: PyTimedelta,
    readonly name?: string
  ) {}
}

/**
 * A `datetime.date`.
 */
export class PyDate {
  constructor(
    readonly year: number,
    readonly month: number,
    readonly day: number
  ) {}

  /** As in ISO 8601, e.g. `2024-01-31`. */
  isoFormat(): string {
    const year = String(this.year).padStart(4, '0');
    return `${year}-${twoDigits(this.month)}-${twoDigits(this.day)}`;
  }
}

/**
 * A `datetime.time`.
 */
export class PyTime {
  constructor(
    readonly hour: number,
    readonly minute: number,
    readonly second: number,
    readonly microsecond: number,
    readonly fold: 0 | 1 = 0,
    /** A PyTimezone, a PyZoneInfo, an inert object of another class, or `null`. */
    readonly tzinfo: unknown = null
  ) {}

  /** As in ISO 8601, e.g. `12:30:00.000001+01:00`; a zone in brackets. */
  isoFormat(): string {
    const clock = [this.hour, this.minute, this.second].map(twoDigits);
    const fraction =
      this.microsecond === 0
        ? ''
        : '.' + String(this.microsecond).padStart(6, '0');
    return clock.join(':') + fraction + offsetText(this.tzinfo);
  }
}

/**
 * A `datetime.datetime`.
 */
export class PyDateTime {
  constructor(
    readonly date: PyDate,
    readonly time: PyTime
  ) {}

  /** As in ISO 8601, e.g. `2024-01-31T12:30:00+00:00`. */
  isoFormat(): string {
    return `${this.date.isoFormat()}T${this.time.isoFormat()}`;
  }

  /**
   * The moment as a Date, exact to the millisecond.
   *
   * @returns `undefined` when the offset from UTC is not known.
   */
  toDate(): Date | undefined {
    const { hour, minute, second, microsecond, tzinfo } = this.time;
    const date = new Date(0);
    date.setUTCFullYear(this.date.year, this.date.month - 1, this.date.day);
    date.setUTCHours(hour, minute, second, Math.floor(microsecond / 1000));
    const offsetMs = offsetOf(tzinfo, date.getTime());
    return offsetMs === undefined
      ? undefined
      : new Date(date.getTime() - offsetMs);
  }
}

function offsetOf(tzinfo: unknown, wallTimeMs: number): number | undefined {
  if (tzinfo instanceof PyZoneInfo) {
    return tzinfo.offsetMs(wallTimeMs);
  }
  return tzinfo instanceof PyTimezone
    ? tzinfo.offset.totalSeconds * 1000
    : undefined;
}

function offsetText(tzinfo: unknown): string {
  if (tzinfo instanceof PyZoneInfo) {
    return `[${tzinfo.key}]`;
  }
  if (!(tzinfo instanceof PyTimezone)) {
    return '';
  }
  const seconds = tzinfo.offset.totalSeconds;
  const size = Math.abs(seconds);
  const parts = [Math.floor(size / 3600), Math.floor((size % 3600) / 60)];
  const rest = Math.floor(size % 60);
  const text = (rest ? [...parts, rest] : parts).map(twoDigits).join(':');
  return (seconds < 0 ? '-' : '+') + text;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
