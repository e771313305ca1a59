import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon, caretUpIcon } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';
import { useState } from 'react';

import type { IExerciseEntry, IStudent } from '../model/classes/classOverviews';
import { formatCount } from '../model/format';

import { EntryCell } from './entryCell';
import type { IGridKeys } from './gridKeys';
import { useGridKeys } from './gridKeys';
import type { OverviewModel } from './overviewModel';

/** More rows than this are drawn when somebody asks for them. */
const FIRST_ROWS = 200;

/** Properties of {@link OverviewTable}. */
export interface IOverviewTableProps {
  readonly model: OverviewModel;
  readonly trans: TranslationBundle;
  /** Show a cell of a student's notebook. */
  readonly onOpen: (student: IStudent, entry: IExerciseEntry | null) => void;
}

interface IPartProps extends IOverviewTableProps {
  readonly keys: IGridKeys;
}

/** Students and exercises; the arrow keys move through the cells. */
export function OverviewTable(props: IOverviewTableProps): ReactElement {
  const { model, trans } = props;
  const keys = useGridKeys();
  const [isWhole, setWhole] = useState(false);
  const all = model.students;
  const shown = isWhole ? all : all.slice(0, FIRST_ROWS);
  return (
    <>
      <table
        className="jp-GlobusCompute-overviewTable"
        role="grid"
        aria-label={trans.__('Students and exercises')}
        aria-rowcount={all.length + 1}
        onKeyDown={keys.onKeyDown}
        onFocus={keys.onFocus}
      >
        <thead>
          <Titles {...props} keys={keys} />
        </thead>
        <tbody>
          {shown.map((student, index) => (
            <Row
              key={`${student.student}\n${student.path}`}
              {...props}
              keys={keys}
              student={student}
              row={index + 1}
            />
          ))}
        </tbody>
      </table>
      {shown.length < all.length && (
        <button
          type="button"
          className="jp-GlobusCompute-link"
          onClick={() => {
            setWhole(true);
          }}
        >
          {trans.__('Show all %1 students', formatCount(all.length))}
        </button>
      )}
    </>
  );
}

function Titles({ model, trans, keys }: IPartProps): ReactElement {
  const { exercises = [], students = [] } = model.overview ?? {};
  const titles = [trans.__('Student'), ...exercises];
  return (
    <tr>
      {titles.map((title, column) => (
        <th key={title} scope="col" aria-sort={sortingOf(model, column - 1)}>
          <button
            type="button"
            className="jp-GlobusCompute-overviewTitle"
            tabIndex={keys.tabIndexAt(0, column)}
            title={trans.__('Sort by %1', title)}
            onClick={() => {
              model.sortBy(column - 1);
            }}
          >
            <span className="jp-GlobusCompute-overviewName">{title}</span>
            <SortSign model={model} column={column - 1} />
          </button>
          <div className="jp-GlobusCompute-muted">
            {column === 0
              ? formatCount(students.length)
              : trans.__(
                  '%1 of %2 done',
                  formatCount(model.doneOf(column - 1)),
                  formatCount(students.length)
                )}
          </div>
        </th>
      ))}
    </tr>
  );
}

function SortSign(props: {
  readonly model: OverviewModel;
  readonly column: number;
}): ReactElement | null {
  const sorting = sortingOf(props.model, props.column);
  if (sorting === 'none') {
    return null;
  }
  const Icon = sorting === 'ascending' ? caretUpIcon : caretDownIcon;
  return <Icon.react tag="span" width="14px" />;
}

function sortingOf(
  { order }: OverviewModel,
  column: number
): 'ascending' | 'descending' | 'none' {
  if (order.column !== column) {
    return 'none';
  }
  return order.isDescending ? 'descending' : 'ascending';
}

interface IRowProps extends IPartProps {
  readonly student: IStudent;
  readonly row: number;
}

function Row(props: IRowProps): ReactElement {
  const { model, student, row, keys, trans, onOpen } = props;
  const columns = model.overview?.exercises.length ?? 0;
  return (
    <tr>
      <th scope="row">
        <StudentName {...props} />
      </th>
      {student.problem ? (
        <td
          colSpan={Math.max(columns, 1)}
          className="jp-GlobusCompute-overviewError"
          tabIndex={keys.tabIndexAt(row, 1)}
        >
          {student.problem}
        </td>
      ) : (
        student.entries.map((entry, index) => (
          <td key={index}>
            <EntryCell
              entry={entry}
              tabIndex={keys.tabIndexAt(row, index + 1)}
              trans={trans}
              onOpen={() => {
                onOpen(student, entry);
              }}
            />
          </td>
        ))
      )}
    </tr>
  );
}

function StudentName(props: IRowProps): ReactElement {
  const { student, row, keys, trans, onOpen } = props;
  const { student: name, path, others } = student;
  return (
    <>
      {path === '' ? (
        <span
          className="jp-GlobusCompute-overviewName"
          tabIndex={keys.tabIndexAt(row, 0)}
          title={name}
        >
          {name}
        </span>
      ) : (
        <button
          type="button"
          className="jp-GlobusCompute-link jp-GlobusCompute-overviewName"
          tabIndex={keys.tabIndexAt(row, 0)}
          title={path}
          onClick={() => {
            onOpen(student, null);
          }}
        >
          {name}
        </button>
      )}
      {others > 0 && (
        <div className="jp-GlobusCompute-muted">
          {trans._n('%1 more notebook', '%1 more notebooks', others)}
        </div>
      )}
    </>
  );
}
