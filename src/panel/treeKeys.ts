/**
 * Keyboard of a two-level tree, as the ARIA Authoring Practices describe it:
 * https://www.w3.org/WAI/ARIA/apg/patterns/treeview/
 *
 * Works on what is drawn: items have `role="treeitem"`, `aria-level` and,
 * where they open, `aria-expanded`.
 */

/** What a key press on a tree item asks for. */
export type TreeAction =
  | { readonly kind: 'focus'; readonly item: HTMLElement }
  | { readonly kind: 'toggle' }
  | { readonly kind: 'open' }
  | { readonly kind: 'press' };

/** Key of a task's item; a batch's item has the id of the batch as its key. */
export function taskKey(batchId: string, task: number | 'more'): string {
  return `${batchId}#${task}`;
}

/**
 * The tree item that an element belongs to.
 *
 * @param target - Target of an event within the tree.
 */
export function itemOf(target: EventTarget): HTMLElement | null {
  return target instanceof Element
    ? target.closest<HTMLElement>('[role="treeitem"]')
    : null;
}

/**
 * What a key asks for; `null` if nothing.
 *
 * @param tree - The tree.
 * @param item - The item with the focus.
 * @param key - `key` of the keyboard event.
 */
export function treeAction(
  tree: HTMLElement,
  item: HTMLElement,
  key: string
): TreeAction | null {
  const expanded = item.getAttribute('aria-expanded');
  switch (key) {
    case 'ArrowDown':
      return focusOn(neighbour(tree, item, 1));
    case 'ArrowUp':
      return focusOn(neighbour(tree, item, -1));
    case 'Home':
      return focusOn(itemsOf(tree).at(0));
    case 'End':
      return focusOn(itemsOf(tree).at(-1));
    case 'ArrowRight':
      return expanded === 'false'
        ? { kind: 'toggle' }
        : focusOn(item.querySelector<HTMLElement>('[role="treeitem"]'));
    case 'ArrowLeft':
      return expanded === 'true'
        ? { kind: 'toggle' }
        : focusOn(item.parentElement && itemOf(item.parentElement));
    case 'Enter':
      return { kind: 'presses' in item.dataset ? 'press' : 'open' };
    case ' ':
      return spaceAction(item);
    default:
      return null;
  }
}

function spaceAction(item: HTMLElement): TreeAction | null {
  if ('presses' in item.dataset) {
    return { kind: 'press' };
  }
  return item.hasAttribute('aria-expanded') ? { kind: 'toggle' } : null;
}

function neighbour(
  tree: HTMLElement,
  item: HTMLElement,
  step: number
): HTMLElement | undefined {
  const items = itemsOf(tree);
  const index = items.indexOf(item) + step;
  return index < 0 ? undefined : items[index];
}

function itemsOf(tree: HTMLElement): HTMLElement[] {
  return [...tree.querySelectorAll<HTMLElement>('[role="treeitem"]')];
}

function focusOn(item: HTMLElement | null | undefined): TreeAction | null {
  return item ? { kind: 'focus', item } : null;
}
