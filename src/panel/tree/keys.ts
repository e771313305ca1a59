/**
 * Keyboard of a tree, as the ARIA Authoring Practices describe it:
 * https://www.w3.org/WAI/ARIA/apg/patterns/treeview/
 */

import type { ITreeRow, TreeLayout } from './layout';

/** What a key press on a row asks for. */
export type TreeAction =
  | { readonly kind: 'move'; readonly index: number }
  | { readonly kind: 'toggle' }
  | { readonly kind: 'open' }
  | { readonly kind: 'menu' };

/**
 * What a key asks for; `null` if nothing.
 *
 * @param layout - The rows.
 * @param index - The row with the focus.
 * @param key - `key` of the keyboard event.
 * @param pageLength - How many rows Page Up and Page Down move by.
 */
export function treeAction(
  layout: TreeLayout<ITreeRow>,
  index: number,
  key: string,
  pageLength: number
): TreeAction | null {
  const row = layout.row(index);
  if (!row) {
    return null;
  }
  switch (key) {
    case 'ArrowDown':
      return moveTo(layout, index + 1);
    case 'ArrowUp':
      return moveTo(layout, index - 1);
    case 'PageDown':
      return moveTo(layout, Math.min(index + pageLength, layout.length - 1));
    case 'PageUp':
      return moveTo(layout, Math.max(index - pageLength, 0));
    case 'Home':
      return moveTo(layout, 0);
    case 'End':
      return moveTo(layout, layout.length - 1);
    case 'ArrowRight':
      return intoRow(layout, index, row);
    case 'ArrowLeft':
      return row.isExpanded === true
        ? { kind: 'toggle' }
        : moveTo(layout, parentOf(layout, index, row));
    case 'Enter':
      return { kind: 'open' };
    case ' ':
      return row.isExpanded === undefined ? null : { kind: 'toggle' };
    case 'ContextMenu':
      return { kind: 'menu' };
    default:
      return null;
  }
}

function intoRow(
  layout: TreeLayout<ITreeRow>,
  index: number,
  row: ITreeRow
): TreeAction | null {
  if (row.isExpanded === false) {
    return { kind: 'toggle' };
  }
  const next = layout.row(index + 1);
  return next && next.level > row.level ? moveTo(layout, index + 1) : null;
}

function parentOf(
  layout: TreeLayout<ITreeRow>,
  index: number,
  { level, position }: ITreeRow
): number {
  if (level === 1) {
    return -1;
  }
  // Leaves of one parent are as many as the position says; what is below
  // them, at most, makes it more.
  let parent = index - position;
  let above = layout.row(parent);
  while (above && above.level >= level) {
    parent -= above.level > level ? above.position : 1;
    above = layout.row(parent);
  }
  return parent;
}

function moveTo(
  layout: TreeLayout<ITreeRow>,
  index: number
): TreeAction | null {
  return index >= 0 && index < layout.length ? { kind: 'move', index } : null;
}
