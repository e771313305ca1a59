import type {
  ClassOverviews,
  IClassOverview,
  IExerciseEntry,
  IOverviewQuery,
  IStudent
} from '../../model/classes/classOverviews';

/** What a test asks for. */
export const QUERY: IOverviewQuery = {
  folder: 'sheet/submitted',
  release: 'sheet/release.ipynb',
  assignment: ''
};

/** An entry with what matters to a test. */
export function makeEntry(
  fields: Partial<IExerciseEntry> = {}
): IExerciseEntry {
  return {
    state: 'done',
    result: '12',
    seconds: 1.5,
    tasks: 1,
    done: 1,
    failed: 0,
    cellId: 'cell-1',
    notes: [],
    ...fields
  };
}

/** A student with what matters to a test. */
export function makeStudent(
  student: string,
  entries: readonly IExerciseEntry[],
  fields: Partial<IStudent> = {}
): IStudent {
  const path = `${student}/s.ipynb`;
  return { student, path, problem: '', others: 0, entries, ...fields };
}

/** An overview of two exercises. */
export function makeOverview(
  students: readonly IStudent[],
  fields: Partial<IClassOverview> = {}
): IClassOverview {
  return {
    assignment: '',
    assignments: [],
    exercises: ['1. area', '2. sum'],
    students,
    notes: [],
    ...fields
  };
}

/** Answers with what a test put there, in order; refuses to be asked more. */
export class FakeOverviews implements Pick<ClassOverviews, 'read' | 'csvUrl'> {
  constructor(...answers: (IClassOverview | Promise<IClassOverview>)[]) {
    this._answers = answers;
  }

  /** What was asked for. */
  readonly queries: IOverviewQuery[] = [];

  async read(query: IOverviewQuery): Promise<IClassOverview> {
    this.queries.push(query);
    const answer = this._answers.shift();
    if (!answer) {
      throw new Error('Unexpected call.');
    }
    return answer;
  }

  csvUrl({ folder }: IOverviewQuery): string {
    return `/csv?folder=${folder}`;
  }

  private readonly _answers: (IClassOverview | Promise<IClassOverview>)[];
}
