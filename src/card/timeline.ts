import { isActive } from '../model/format';
import type { IBatchSnapshot } from '../tokens';

/** A stretch in the life of a batch. */
export interface ITimeSpan {
  /** What it was doing: on its way, in a queue, or running. */
  readonly name: 'sent' | 'waited' | 'ran';
  /** How long, in seconds. */
  readonly seconds: number;
  /** Whether it goes on. */
  readonly isOpen: boolean;
}

/**
 * Where the time of a batch went: until its first task was submitted, until
 * the first one began, until the last one ended. Empty if one of these is
 * unknown: a timeline with a hole would mislead.
 *
 * @param batch - The batch.
 * @param now - Seconds since the epoch, of a batch that is followed: what it
 * does now counts up to then.
 */
export function timeSpans(
  {
    created,
    state,
    tasks
  }: Pick<IBatchSnapshot, 'created' | 'state' | 'tasks'>,
  now?: number
): ITimeSpan[] {
  const times = (
    name: 'submitted' | 'started' | 'ended'
  ): readonly (number | undefined)[] => tasks.map(task => task[name]);
  const isOpen = isActive(state);
  const marks = [
    created,
    earliest(times('submitted')),
    earliest(times('started')),
    isOpen ? undefined : latest(times('ended'))
  ];
  const names = ['sent', 'waited', 'ran'] as const;
  const spans: ITimeSpan[] = [];
  for (const [at, name] of names.entries()) {
    const from = marks[at];
    const to = marks[at + 1];
    if (from !== undefined && to !== undefined) {
      spans.push({ name, seconds: between(from, to), isOpen: false });
    } else if (from !== undefined && isOpen && now !== undefined) {
      spans.push({ name, seconds: between(from, now), isOpen: true });
      return spans;
    } else {
      return [];
    }
  }
  return spans;
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter(time => time !== undefined);
  return known.length > 0
    ? known.reduce((one, other) => Math.min(one, other))
    : undefined;
}

/** Of some that have no end the last one is unknown. */
function latest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter(time => time !== undefined);
  return known.length > 0 && known.length === times.length
    ? known.reduce((one, other) => Math.max(one, other))
    : undefined;
}

/** Times come from several clocks: a step back counts as nothing. */
function between(from: number, to: number): number {
  return Math.max(0, to - from);
}
