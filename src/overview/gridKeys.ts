import type { KeyboardEvent } from 'react';
import { useState } from 'react';

/** A place in a table, from 0, the row of titles included. */
interface IGridPlace {
  readonly row: number;
  readonly column: number;
}

/** One stop for the Tab key in a table, moved by the arrow keys. */
export interface IGridKeys {
  /** `tabIndex` of what is at a place. */
  readonly tabIndexAt: (row: number, column: number) => 0 | -1;
  readonly onKeyDown: (event: KeyboardEvent<HTMLTableElement>) => void;
  /** To be told when something in the table gets the focus. */
  readonly onFocus: (event: { target: EventTarget }) => void;
}

/**
 * Keys of a table, as the ARIA practices have them for a grid:
 * https://www.w3.org/WAI/ARIA/apg/patterns/grid/.
 *
 * In each cell what can be focused is what has a `tabindex`.
 */
export function useGridKeys(): IGridKeys {
  const [place, setPlace] = useState<IGridPlace>({ row: 0, column: 0 });
  return {
    tabIndexAt: (row, column) =>
      row === place.row && column === place.column ? 0 : -1,
    onFocus: ({ target }) => {
      const at = placeOf(target);
      if (at && (at.row !== place.row || at.column !== place.column)) {
        setPlace(at);
      }
    },
    onKeyDown: event => {
      const at = placeOf(event.target);
      const next = at && nextPlace(at, event);
      const target = next && focusableAt(event.currentTarget, next);
      if (target) {
        event.preventDefault();
        target.focus();
      }
    }
  };
}

function placeOf(target: EventTarget): IGridPlace | null {
  const cell =
    target instanceof Element
      ? target.closest<HTMLTableCellElement>('td, th')
      : null;
  const row = cell?.closest('tr');
  return cell && row ? { row: row.rowIndex, column: cell.cellIndex } : null;
}

function nextPlace(
  { row, column }: IGridPlace,
  { key, ctrlKey }: KeyboardEvent
): IGridPlace | null {
  switch (key) {
    case 'ArrowUp':
      return { row: row - 1, column };
    case 'ArrowDown':
      return { row: row + 1, column };
    case 'ArrowLeft':
      return { row, column: column - 1 };
    case 'ArrowRight':
      return { row, column: column + 1 };
    case 'Home':
      return { row: ctrlKey ? 0 : row, column: 0 };
    case 'End':
      return { row: ctrlKey ? Infinity : row, column: Infinity };
    default:
      return null;
  }
}

/** What a place can focus; a row that has fewer cells gives its last. */
function focusableAt(
  table: HTMLTableElement,
  { row, column }: IGridPlace
): HTMLElement | null {
  const cells = table.rows.item(Math.min(row, table.rows.length - 1))?.cells;
  const cell = cells?.item(Math.min(column, cells.length - 1));
  if (!cell) {
    return null;
  }
  return cell.hasAttribute('tabindex')
    ? cell
    : cell.querySelector<HTMLElement>('[tabindex]');
}
