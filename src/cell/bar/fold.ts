/** An item of a toolbar, as far as its place goes. */
export interface IFoldable {
  /** Width it needs, in pixels. */
  readonly width: number;
  /** Whether the menu has it too, so that it may go. */
  readonly mayFold: boolean;
}

/**
 * Which items of a toolbar do not fit: of those that may fold, the last ones.
 *
 * @param items - The items, from first to last.
 * @param available - Width for all of them, in pixels.
 * @returns for every item whether it is folded away.
 */
export function fold(
  items: readonly IFoldable[],
  available: number
): boolean[] {
  const folded = items.map(() => false);
  let needed = items.reduce((sum, { width }) => sum + width, 0);
  for (let at = items.length - 1; at >= 0 && needed > available; at -= 1) {
    const { width, mayFold } = items[at];
    if (mayFold && width > 0) {
      folded[at] = true;
      needed -= width;
    }
  }
  return folded;
}
