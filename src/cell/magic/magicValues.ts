import type { IGivenOption } from './givenOptions';
import { MagicError } from './magicError';
import { OPTIONS } from './options';

const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u;

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000
};

/* The longest time a browser's timer can count to. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/* More attempts than these are a loop, not a remedy. */
const MAX_COUNT = 100;

/**
 * Read values as names of variables, separated by commas; each name once.
 *
 * @throws MagicError
 */
export function toNames(
  option: string,
  given: readonly IGivenOption[]
): string[] {
  const list = given.flatMap(({ value }) =>
    (value ?? '')
      .split(',')
      .map(name => name.trim())
      .filter(name => name !== '')
  );
  const wrong = list.find(name => !NAME.test(name));
  if (wrong !== undefined) {
    throw new MagicError(
      `--${option} takes names of variables, and "${wrong}" is none.`,
      given[0].start,
      given[given.length - 1].end
    );
  }
  return [...new Set(list)];
}

/**
 * Read a value as a time: milliseconds, as many as a timer can count.
 *
 * @throws MagicError
 */
export function toMilliseconds(option: string, given: IGivenOption): number {
  const [, count, unit] =
    /^(\d+(?:\.\d+)?)([smh]?)$/.exec(given.value ?? '') ?? [];
  const timeout = Number(count) * UNIT_MS[unit || 's'];
  if (!(timeout > 0)) {
    throw mistake(
      given,
      `--${option} takes a time such as 90, 1.5m or 2h, and "${given.value ?? ''}" is none.`
    );
  }
  return Math.min(timeout, MAX_TIMEOUT_MS);
}

/**
 * Read a value as a whole number from 0 to 100.
 *
 * @throws MagicError
 */
export function toCount(option: string, given: IGivenOption): number {
  const text = given.value ?? '';
  if (!/^\d{1,3}$/.test(text) || Number(text) > MAX_COUNT) {
    throw mistake(
      given,
      `--${option} takes a number from 0 to ${MAX_COUNT}, and "${text}" is none.`
    );
  }
  return Number(text);
}

/**
 * Read a value as a UUID, in lower case.
 *
 * @throws MagicError
 */
export function toUuid(option: string, given: IGivenOption): string {
  return uuidOf(option, given, given.value ?? '');
}

/**
 * Check that a value is a JSON object or `$name`, a variable of the notebook.
 *
 * @throws MagicError
 */
export function toJsonText(option: string, given: IGivenOption): string {
  const text = given.value ?? '';
  if (!(text.startsWith('$') ? NAME.test(text.slice(1)) : isObject(text))) {
    throw mistake(
      given,
      `--${option} takes JSON such as '{"nodes": 2}', or $name for a variable of the notebook, and "${text}" is neither.`
    );
  }
  return text;
}

/**
 * Read a value as `NAME=EXPRESSION`.
 *
 * @throws MagicError
 */
export function toNamedExpression(
  option: string,
  given: IGivenOption
): [name: string, expression: string] {
  return splitName(option, given, 'an expression, as r=range(5)');
}

/**
 * Read a value as `NAME=UUID`.
 *
 * @throws MagicError
 */
export function toNamedUuid(
  option: string,
  given: IGivenOption
): [name: string, id: string] {
  const [name, id] = splitName(option, given, 'the id of a function');
  return [name, uuidOf(option, given, id)];
}

/**
 * Check that a value is one of those that the option takes.
 *
 * @throws MagicError
 */
export function toKnownValue(option: string, given: IGivenOption): string {
  const known =
    OPTIONS.find(({ name }) => name === option)?.values?.map(
      ({ text }) => text
    ) ?? [];
  const text = given.value ?? '';
  if (!known.includes(text)) {
    throw mistake(
      given,
      `--${option} takes ${known.join(', ')}, and "${text}" is none.`
    );
  }
  return text;
}

function splitName(
  option: string,
  given: IGivenOption,
  what: string
): [string, string] {
  const text = given.value ?? '';
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(at, 0)).trim();
  const rest = text.slice(at + 1).trim();
  if (!NAME.test(name) || rest === '') {
    throw mistake(
      given,
      `--${option} takes a name, "=" and ${what}; "${text}" is not that.`
    );
  }
  return [name, rest];
}

/** Whether a text is a UUID. */
export function isUuid(text: string): boolean {
  return UUID.test(text.trim());
}

function uuidOf(option: string, given: IGivenOption, text: string): string {
  if (!UUID.test(text)) {
    throw mistake(given, `--${option} takes a UUID, and "${text}" is none.`);
  }
  return text.toLowerCase();
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function mistake({ start, end }: IGivenOption, message: string): MagicError {
  return new MagicError(message, start, end);
}
