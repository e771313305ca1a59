import { VDomModel } from '@jupyterlab/ui-components';

import type {
  ClassOverviews,
  IClassOverview,
  IOverviewQuery,
  IStudent
} from '../model/classes/classOverviews';

import { urgencyOf } from './stateWords';

/** By what the rows are sorted: `-1` by name, else by that exercise. */
export interface IRowOrder {
  readonly column: number;
  readonly isDescending: boolean;
}

const BY_NAME: IRowOrder = { column: -1, isDescending: false };

/** What one overview shows. */
export class OverviewModel extends VDomModel {
  /**
   * @param overviews - Reads the notebooks.
   * @param query - Nothing is read before {@link show}.
   */
  constructor(
    overviews: Pick<ClassOverviews, 'read' | 'csvUrl'>,
    query: IOverviewQuery
  ) {
    super();
    this._overviews = overviews;
    this._query = query;
  }

  /** What was asked for last. */
  get query(): IOverviewQuery {
    return this._query;
  }

  /** What was read last; `null` before. */
  get overview(): IClassOverview | null {
    return this._overview;
  }

  /** Why it could not be read, in words; `null` if it could. */
  get problem(): string | null {
    return this._problem;
  }

  get isReading(): boolean {
    return this._isReading;
  }

  get order(): IRowOrder {
    return this._order;
  }

  /** The students in their order. */
  get students(): readonly IStudent[] {
    const { column, isDescending } = this._order;
    const students = [...(this._overview?.students ?? [])];
    if (column >= 0) {
      // Sorting keeps the order of names among equals.
      students.sort(
        (a, b) => urgencyOf(a.entries[column]) - urgencyOf(b.entries[column])
      );
    }
    return isDescending ? students.reverse() : students;
  }

  /** Address of the table as a file; `null` while there is none. */
  get csvUrl(): string | null {
    return this._overview ? this._overviews.csvUrl(this._query) : null;
  }

  /** How many of all have done an exercise. */
  doneOf(exercise: number): number {
    return (this._overview?.students ?? []).filter(
      ({ entries }) => entries.at(exercise)?.state === 'done'
    ).length;
  }

  /** Sort by a column, or turn its order round. */
  sortBy(column: number): void {
    const isAgain = column === this._order.column;
    const isDescending = isAgain && !this._order.isDescending;
    this._order = { column, isDescending };
    this.stateChanged.emit();
  }

  /** Read the notebooks, of another folder or the same ones again. */
  async show(query: IOverviewQuery = this._query): Promise<void> {
    const isOther = query.folder !== this._query.folder;
    this._query = query;
    this._isReading = true;
    this._problem = null;
    if (isOther) {
      this._overview = null;
    }
    this.stateChanged.emit();
    const read = await this._overviews.read(query).catch(describeProblem);
    // Somebody may have asked for another meanwhile.
    if (query !== this._query || this.isDisposed) {
      return;
    }
    this._isReading = false;
    if (typeof read === 'string') {
      this._problem = read;
      this._overview = null;
    } else {
      this._overview = read;
      this._order =
        this._order.column < read.exercises.length ? this._order : BY_NAME;
    }
    this.stateChanged.emit();
  }

  private readonly _overviews: Pick<ClassOverviews, 'read' | 'csvUrl'>;
  private _query: IOverviewQuery;
  private _overview: IClassOverview | null = null;
  private _problem: string | null = null;
  private _isReading = false;
  private _order = BY_NAME;
}

function describeProblem(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
