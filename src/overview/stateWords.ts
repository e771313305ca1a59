import type { TranslationBundle } from '@jupyterlab/translation';

import type {
  ExerciseState,
  IExerciseEntry
} from '../model/classes/classOverviews';

/** The order of states when a column is sorted: what needs a look first. */
const URGENCY: readonly ExerciseState[] = [
  'failed',
  'unsent',
  'unclear',
  'missing',
  'not-run',
  'waiting',
  'done'
];

/** A state in words. */
export function describeExercise(
  state: ExerciseState,
  trans: TranslationBundle
): string {
  switch (state) {
    case 'missing':
      return trans.__('No cell');
    case 'not-run':
      return trans.__('Not run');
    case 'unsent':
      return trans.__('Not sent');
    case 'waiting':
      return trans.__('No result yet');
    case 'failed':
      return trans.__('Failed');
    case 'done':
      return trans.__('Done');
    case 'unclear':
      return trans.__('Unclear');
  }
}

/** What is to be said beside the state, in words. */
export function remarksOn(
  entry: IExerciseEntry,
  trans: TranslationBundle
): string[] {
  return [
    ...(entry.edited ? [trans.__('edited since it ran')] : []),
    ...(entry.expected === false
      ? [trans.__("another result than the teacher's")]
      : []),
    ...entry.notes
  ];
}

/**
 * The place of an exercise in a sorted column; smaller needs a look sooner.
 *
 * @param entry - Of a student without a notebook, `undefined`.
 */
export function urgencyOf(entry: IExerciseEntry | undefined): number {
  if (!entry) {
    return -1;
  }
  const isDoubtful = entry.expected === false || entry.edited === true;
  return URGENCY.indexOf(entry.state) + (isDoubtful ? 0 : 0.5);
}
