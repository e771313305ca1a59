import type { Gateway } from '../gateway';

/** What a student did in an exercise, as words for programs. */
export type ExerciseState =
  'missing' | 'not-run' | 'unsent' | 'waiting' | 'failed' | 'done' | 'unclear';

/**
 * A student's exercise, as the saved notebook tells it. All text comes from
 * outside: show it as text.
 */
export interface IExerciseEntry {
  readonly state: ExerciseState;
  /** Whether the cell was edited since it ran; absent if that is not known. */
  readonly edited?: boolean;
  readonly result?: string;
  /** Whether the result is the teacher's; absent if there is none of theirs. */
  readonly expected?: boolean;
  readonly error?: string;
  /** Seconds since the epoch. */
  readonly ranAt?: number;
  /** How long it took. */
  readonly seconds?: number;
  readonly tasks: number;
  readonly done: number;
  readonly failed: number;
  /** Id of the cell in the student's notebook, where it has one. */
  readonly cellId?: string;
  readonly notes: readonly string[];
}

/** A row of an overview. */
export interface IStudent {
  readonly student: string;
  /** Path of the notebook below the folder; empty if there is none. */
  readonly path: string;
  /** Why there are no entries, in words; empty if there are. */
  readonly problem: string;
  /** How many more notebooks of the student there are. */
  readonly others: number;
  /** One for each exercise, or none. */
  readonly entries: readonly IExerciseEntry[];
}

/** What a class did. */
export interface IClassOverview {
  /** The assignment that is shown; empty where the folder has none. */
  readonly assignment: string;
  readonly assignments: readonly string[];
  /** Titles of the exercises. */
  readonly exercises: readonly string[];
  readonly students: readonly IStudent[];
  /** Remarks on the whole. */
  readonly notes: readonly string[];
}

/** Which overview is asked for. Paths are relative to the server's root. */
export interface IOverviewQuery {
  /** Folder of the collected notebooks; empty for the root. */
  readonly folder: string;
  /** The notebook that was handed out; empty if nobody says. */
  readonly release: string;
  /** One of several assignments; empty for that with the most notebooks. */
  readonly assignment: string;
}

/** The overviews that the Jupyter server makes of collected notebooks. */
export class ClassOverviews {
  constructor(gateway: Pick<Gateway, 'request' | 'url'>) {
    this._gateway = gateway;
  }

  /**
   * Read the notebooks of a folder.
   *
   * @throws GatewayRefusal with a message for people when there is nothing to
   * show.
   */
  async read(query: IOverviewQuery): Promise<IClassOverview> {
    return (await this._gateway.request(
      'GET',
      pathOf(query, 'json')
    )) as IClassOverview;
  }

  /** Address of the same as a file for a spreadsheet. */
  csvUrl(query: IOverviewQuery): string {
    return this._gateway.url(pathOf(query, 'csv'));
  }

  private readonly _gateway: Pick<Gateway, 'request' | 'url'>;
}

function pathOf(query: IOverviewQuery, format: string): string {
  return `overview?${new URLSearchParams({ ...query, format }).toString()}`;
}
