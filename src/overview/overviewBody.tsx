import type { TranslationBundle } from '@jupyterlab/translation';
import { VDomRenderer } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import type {
  IClassOverview,
  IExerciseEntry,
  IStudent
} from '../model/classes/classOverviews';

import type { Choose } from './overviewForm';
import { OverviewForm } from './overviewForm';
import type { OverviewModel } from './overviewModel';
import { OverviewTable } from './overviewTable';

/** What an overview lets a person do. */
export interface IOverviewDeeds {
  /** Show a cell of a student's notebook; `null` for its beginning. */
  readonly open: (student: IStudent, entry: IExerciseEntry | null) => void;
  readonly chooseFolder: Choose;
  readonly chooseNotebook: Choose;
}

/** The overview of a class: which notebooks, and what they say. */
export class OverviewBody extends VDomRenderer<OverviewModel> {
  constructor(
    model: OverviewModel,
    deeds: IOverviewDeeds,
    trans: TranslationBundle
  ) {
    super(model);
    this._overview = model;
    this._deeds = deeds;
    this._trans = trans;
    this.addClass('jp-GlobusCompute-overview');
  }

  protected override render(): ReactElement {
    const { _overview: model, _deeds: deeds, _trans: trans } = this;
    const { overview, problem, query } = model;
    return (
      <>
        <OverviewForm
          query={query}
          assignments={overview?.assignments ?? []}
          assignment={overview?.assignment ?? ''}
          trans={trans}
          onShow={asked => void model.show(asked)}
          chooseFolder={deeds.chooseFolder}
          chooseNotebook={deeds.chooseNotebook}
        />
        <div role="status" className="jp-GlobusCompute-overviewStatus">
          {describeWhole(model, trans)}
        </div>
        {problem !== null && (
          <div className="jp-GlobusCompute-failure" role="alert">
            {problem}
          </div>
        )}
        {overview && <Notes overview={overview} trans={trans} />}
        {overview && (
          <div className="jp-GlobusCompute-overviewScroll">
            <OverviewTable model={model} trans={trans} onOpen={deeds.open} />
          </div>
        )}
      </>
    );
  }

  private readonly _overview: OverviewModel;
  private readonly _deeds: IOverviewDeeds;
  private readonly _trans: TranslationBundle;
}

/** What a screen reader is told when the table has changed. */
function describeWhole(
  { overview, isReading }: OverviewModel,
  trans: TranslationBundle
): string {
  if (isReading) {
    return trans.__('Reading the notebooks…');
  }
  if (!overview) {
    return '';
  }
  const students = trans._n(
    '%1 student',
    '%1 students',
    overview.students.length
  );
  const exercises = trans._n(
    '%1 exercise',
    '%1 exercises',
    overview.exercises.length
  );
  return trans.__('%1, %2', students, exercises);
}

function Notes(props: {
  readonly overview: IClassOverview;
  readonly trans: TranslationBundle;
}): ReactElement {
  const { overview, trans } = props;
  return (
    <>
      {overview.notes.map(note => (
        <p key={note}>{note}</p>
      ))}
      {overview.exercises.length === 0 && (
        <p>
          {trans.__(
            'No %%compute cells were found that the notebooks have in common. Choose the notebook that was handed out.'
          )}
        </p>
      )}
    </>
  );
}
