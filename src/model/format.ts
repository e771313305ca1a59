/**
 * How numbers, times and states are put into words, the same everywhere.
 */

import type { TranslationBundle } from '@jupyterlab/translation';
import { nullTranslator } from '@jupyterlab/translation';

import type { TaskState } from '../sdk';
import type {
  BatchState,
  IBatchCounts,
  ITaskFailure,
  ITaskSnapshot
} from '../tokens';

/** Name of this extension's translation catalogue. */
export const TRANSLATION_DOMAIN = 'jupyterlab_globus_compute';

/** What a task is doing, as people count it. */
export type TaskPhase = 'waiting' | 'running' | 'done' | 'failed';

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

/** Length of a UUID's first group: enough to tell ids apart at a glance. */
const SHORT_ID_LENGTH = 8;

/**
 * The bundle of English words, for text that is kept in a file and for callers
 * without a translator.
 */
export function englishBundle(): TranslationBundle {
  return nullTranslator.load(TRANSLATION_DOMAIN);
}

/**
 * A whole number with thousands separated, as `2,000`.
 *
 * The separator is fixed, so that a saved card reads the same everywhere.
 */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/**
 * How long something took, in at most two units: `0.05 s`, `3.1 s`, `48 s`,
 * `3 min 12 s`, `1 h 5 min`, `2 d 3 h`.
 *
 * @param seconds - Duration in seconds; a negative one, as two clocks that
 *   differ can give, counts as zero.
 * @param trans - Words to use; English without.
 */
export function formatDuration(
  seconds: number,
  trans: TranslationBundle = englishBundle()
): string {
  const length = Math.max(0, seconds);
  if (length < 0.005) {
    return length === 0 ? trans.__('%1 s', '0') : trans.__('< %1 s', '0.01');
  }
  if (length < 59.5) {
    return trans.__('%1 s', roundSeconds(length));
  }
  // Rounded before it is split, so that 119.7 s is never "1 min 60 s".
  const whole = Math.round(length);
  if (whole < HOUR_S) {
    return pair(
      trans.__('%1 min', Math.floor(whole / MINUTE_S)),
      trans.__('%1 s', whole % MINUTE_S)
    );
  }
  const minutes = Math.floor(whole / MINUTE_S);
  if (whole < DAY_S) {
    return pair(
      trans.__('%1 h', Math.floor(minutes / 60)),
      trans.__('%1 min', minutes % 60)
    );
  }
  const hours = Math.floor(whole / HOUR_S);
  return pair(
    trans.__('%1 d', Math.floor(hours / 24)),
    trans.__('%1 h', hours % 24)
  );
}

/**
 * How long ago something was, in one unit: `now`, `3 min`, `1 h`, `2 d`.
 *
 * @param seconds - Age in seconds.
 * @param trans - Words to use; English without.
 */
export function formatAge(
  seconds: number,
  trans: TranslationBundle = englishBundle()
): string {
  if (seconds < MINUTE_S) {
    return trans.__('now');
  }
  if (seconds < HOUR_S) {
    return trans.__('%1 min', Math.floor(seconds / MINUTE_S));
  }
  if (seconds < DAY_S) {
    return trans.__('%1 h', Math.floor(seconds / HOUR_S));
  }
  return trans.__('%1 d', formatCount(Math.floor(seconds / DAY_S)));
}

/**
 * Name of a batch with the number of its tasks: `area × 5`; of a single task
 * the name alone.
 */
export function formatTitle(title: string, total: number): string {
  return total > 1 ? `${title} × ${formatCount(total)}` : title;
}

/**
 * The counts of a batch that are not zero, the good news first, as
 * `['1,214 done', '128 running', '646 waiting', '12 failed']`.
 *
 * @param counts - How many tasks are in which phase.
 * @param trans - Words to use; English without.
 */
export function describeCounts(
  counts: IBatchCounts,
  trans: TranslationBundle = englishBundle()
): { readonly phase: TaskPhase; readonly text: string }[] {
  const phases: TaskPhase[] = ['done', 'running', 'waiting', 'failed'];
  return phases
    .filter(phase => counts[phase] > 0)
    .map(phase => ({
      phase,
      text: `${formatCount(counts[phase])} ${describePhase(phase, trans)}`
    }));
}

/**
 * {@link describeCounts} in one line: `1,214 done · 12 failed`.
 *
 * @param counts - How many tasks are in which phase.
 * @param trans - Words to use; English without.
 */
export function formatCounts(
  counts: IBatchCounts,
  trans: TranslationBundle = englishBundle()
): string {
  return describeCounts(counts, trans)
    .map(({ text }) => text)
    .join(' · ');
}

/** The phase that a state of the Compute API belongs to. */
export function phaseOf(state: TaskState): TaskPhase {
  switch (state) {
    case 'success':
      return 'done';
    case 'failed':
      return 'failed';
    case 'running':
      return 'running';
    case 'received':
    case 'waiting-for-ep':
    case 'waiting-for-nodes':
    case 'waiting-for-launch':
      return 'waiting';
  }
}

/**
 * A phase in one word, to be used after a number or a name.
 *
 * @param phase - The phase.
 * @param trans - Words to use; English without.
 */
export function describePhase(
  phase: TaskPhase,
  trans: TranslationBundle = englishBundle()
): string {
  switch (phase) {
    case 'done':
      return trans.__('done');
    case 'failed':
      return trans.__('failed');
    case 'running':
      return trans.__('running');
    case 'waiting':
      return trans.__('waiting');
  }
}

/**
 * The state of a batch as a label: `Running`.
 *
 * @param state - State of the batch.
 * @param trans - Words to use; English without.
 */
export function describeState(
  state: BatchState,
  trans: TranslationBundle = englishBundle()
): string {
  switch (state) {
    case 'sending':
      return trans.__('Sending');
    case 'waiting':
      return trans.__('Waiting');
    case 'running':
      return trans.__('Running');
    case 'done':
      return trans.__('Done');
    case 'failed':
      return trans.__('Failed');
    case 'problem':
      return trans.__('Sending failed');
  }
}

/**
 * What stands behind a task in a list: how long it ran, once that is known,
 * else its phase: `3.1 s`, `running`.
 *
 * @param task - The task.
 * @param trans - Words to use; English without.
 */
export function formatTaskTime(
  task: ITaskSnapshot,
  trans: TranslationBundle = englishBundle()
): string {
  const phase = phaseOf(task.state);
  const since = task.started ?? task.submitted;
  const hasEnded = phase === 'done' || phase === 'failed';
  return hasEnded && task.ended !== undefined && since !== undefined
    ? formatDuration(task.ended - since, trans)
    : describePhase(phase, trans);
}

/** Whether a batch in that state still changes. */
export function isActive(state: BatchState): boolean {
  return state === 'sending' || state === 'waiting' || state === 'running';
}

/** Why a task failed in one line: `ZeroDivisionError: division by zero`. */
export function formatFailure(
  failure: Pick<ITaskFailure, 'type' | 'message'>
): string {
  return failure.message ? `${failure.type}: ${failure.message}` : failure.type;
}

/** The beginning of a UUID, for the eye: `10c9678c`. */
export function shortId(id: string): string {
  return id.slice(0, SHORT_ID_LENGTH);
}

function pair(large: string, small: string): string {
  return `${large} ${small}`;
}

/** Two decimals below a second, one below ten, none above; no idle zeros. */
function roundSeconds(seconds: number): string {
  const decimals = seconds < 0.995 ? 2 : seconds < 9.95 ? 1 : 0;
  return String(Number(seconds.toFixed(decimals)));
}
