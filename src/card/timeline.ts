import type { ITaskSnapshot } from '../tokens';

/** A stretch in the life of a task. */
export interface ITimeSpan {
  /** What the task was doing: on its way, in a queue, or running. */
  readonly name: 'sent' | 'waited' | 'ran';
  /** How long, in seconds. */
  readonly seconds: number;
}

/**
 * Where the time of a task went. Empty if one of its times is unknown: a
 * timeline with a hole would mislead.
 *
 * @param created - When the cell was run, seconds since the epoch.
 * @param task - The task.
 */
export function timeSpans(created: number, task: ITaskSnapshot): ITimeSpan[] {
  const { submitted, started, ended } = task;
  if (submitted === undefined || started === undefined || ended === undefined) {
    return [];
  }
  return [
    { name: 'sent', seconds: between(created, submitted) },
    { name: 'waited', seconds: between(submitted, started) },
    { name: 'ran', seconds: between(started, ended) }
  ];
}

/** Times come from several clocks: a step back counts as nothing. */
function between(from: number, to: number): number {
  return Math.max(0, to - from);
}
