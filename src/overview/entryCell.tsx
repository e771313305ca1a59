import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type {
  ExerciseState,
  IExerciseEntry
} from '../model/classes/classOverviews';
import { formatDuration } from '../model/format';

import { describeExercise, remarksOn } from './stateWords';

/** Properties of {@link EntryCell}. */
export interface IEntryCellProps {
  readonly entry: IExerciseEntry;
  readonly tabIndex: 0 | -1;
  readonly trans: TranslationBundle;
  /** Show the cell in the student's notebook. */
  readonly onOpen: () => void;
}

/** A student's exercise: the state, then the result or the error. */
export function EntryCell(props: IEntryCellProps): ReactElement {
  const { entry, tabIndex, trans, onOpen } = props;
  const words = describeExercise(entry.state, trans);
  const detail = entry.error ?? entry.result;
  const remarks = remarksOn(entry, trans).join(' · ');
  return (
    <>
      <button
        type="button"
        className="jp-GlobusCompute-overviewState jp-GlobusCompute-link"
        data-state={entry.state}
        tabIndex={tabIndex}
        title={trans.__('Show in the notebook')}
        onClick={onOpen}
      >
        <span
          className="jp-GlobusCompute-stateIcon"
          data-state={iconOf(entry.state)}
          aria-hidden="true"
        />
        {words}
        {entry.seconds !== undefined && (
          <span className="jp-GlobusCompute-muted">
            {formatDuration(entry.seconds, trans)}
          </span>
        )}
      </button>
      {detail && (
        <div
          className={
            entry.error
              ? 'jp-GlobusCompute-overviewError'
              : 'jp-GlobusCompute-overviewResult'
          }
          title={detail}
        >
          {detail}
        </div>
      )}
      {remarks && (
        <div className="jp-GlobusCompute-overviewRemark" title={remarks}>
          {remarks}
        </div>
      )}
    </>
  );
}

/** Every state has a drawing of its own kind, beside its words. */
function iconOf(state: ExerciseState): string {
  switch (state) {
    case 'done':
    case 'failed':
    case 'waiting':
      return state;
    case 'unsent':
    case 'unclear':
      return 'problem';
    case 'missing':
    case 'not-run':
      return 'none';
  }
}
