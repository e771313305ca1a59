import type {
  FocusEvent,
  KeyboardEvent,
  MouseEvent,
  ReactElement,
  ReactNode
} from 'react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';

import { treeAction } from './keys';
import type { IRowRange, ITreeRow, TreeLayout } from './layout';

/** Font size, in CSS pixels, that the heights of rows are meant for. */
const BASE_FONT_SIZE = 13;

/** Rows drawn above and below of what can be seen, so that none comes late. */
const OVERSCAN = 6;

/** Height, in CSS pixels, until the browser has laid out the list. */
const HEIGHT_AT_FIRST = 600;

/** Rows that Page Up and Page Down move by. */
const PAGE_LENGTH = 10;

/** Properties of {@link WindowedTree}. */
export interface IWindowedTreeProps<T extends ITreeRow> {
  readonly layout: TreeLayout<T>;
  /** Index of the row with that key; -1 if there is none. */
  readonly indexOf: (key: string) => number;
  /** Name of the tree. */
  readonly label: string;
  /** Name of a row, for a screen reader. */
  readonly describe: (row: T) => string;
  /** What a row shows. */
  readonly draw: (row: T) => ReactNode;
  /** Open or close a row. */
  readonly onToggle: (row: T) => void;
  /** Go where a row leads. */
  readonly onOpen: (row: T) => void;
  /** Show what can be done with a row, at a place in the window. */
  readonly onMenu: (row: T, x: number, y: number) => void;
  /** Which rows are drawn now. */
  readonly onShow?: (rows: IRowRange) => void;
}

interface IView {
  readonly top: number;
  readonly height: number;
  readonly scale: number;
}

/**
 * A tree of any length: only rows that can be seen are in the page, and the
 * one with the focus. Arrow keys move and open, Space opens and closes, Enter
 * follows, the context menu's key or click shows what can be done.
 */
export function WindowedTree<T extends ITreeRow>(
  props: IWindowedTreeProps<T>
): ReactElement {
  const { layout, indexOf, onShow } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<IView>({
    top: 0,
    height: HEIGHT_AT_FIRST,
    scale: 1
  });
  const [activeKey, setActiveKey] = useState<string>();
  const takesFocus = useRef(false);
  const lastIndex = useRef(-1);

  useEffect(() => watchSize(scroller.current, setView), []);

  const activeIndex = activeKey === undefined ? -1 : indexOf(activeKey);
  const { scale } = view;
  const seen = layout.rowsBetween(
    view.top / scale,
    (view.top + view.height) / scale
  );
  const start = Math.max(0, seen.start - OVERSCAN);
  const end = Math.min(layout.length, seen.end + OVERSCAN);
  useEffect(() => {
    onShow?.({ start, end });
  });

  const activate = (index: number): void => {
    const row = layout.row(index);
    if (row) {
      takesFocus.current = true;
      setActiveKey(row.key);
      scrollTo(scroller.current, layout, index, scale);
    }
  };
  useLayoutEffect(() => {
    if (activeIndex >= 0) {
      lastIndex.current = activeIndex;
      if (takesFocus.current) {
        takesFocus.current = false;
        focusRow(scroller.current, activeIndex);
      }
    } else if (activeKey !== undefined) {
      setActiveKey(undefined);
      // The row went away, and the focus with it: the next one has it.
      if (document.activeElement === document.body) {
        activate(Math.min(lastIndex.current, layout.length - 1));
      }
    }
  });

  const indexes = range(start, end);
  if (activeIndex >= 0 && (activeIndex < start || activeIndex >= end)) {
    indexes.push(activeIndex);
  }
  // Without an active row, Tab leads to the first one in sight.
  const tabStop = activeIndex >= 0 ? activeIndex : seen.start;
  return (
    <div
      ref={scroller}
      className="jp-GlobusCompute-tree"
      role="tree"
      aria-label={props.label}
      onScroll={event => {
        const { scrollTop } = event.currentTarget;
        setView(old => ({ ...old, top: scrollTop }));
      }}
      onFocus={event => {
        setActiveKey(keyOf(event));
      }}
      onKeyDown={event => {
        onKeyDown(event, props, activate);
      }}
      onContextMenu={event => {
        onContextMenu(event, props);
      }}
    >
      <div role="presentation" style={{ height: layout.height * scale }}>
        {indexes.map(index => (
          <TreeItem
            key={layout.row(index)?.key}
            {...props}
            index={index}
            scale={scale}
            isActive={index === activeIndex}
            isTabStop={index === tabStop}
          />
        ))}
      </div>
    </div>
  );
}

interface ITreeItemProps<T extends ITreeRow> extends IWindowedTreeProps<T> {
  readonly index: number;
  readonly scale: number;
  readonly isActive: boolean;
  readonly isTabStop: boolean;
}

function TreeItem<T extends ITreeRow>(
  props: ITreeItemProps<T>
): ReactElement | null {
  const { layout, index, scale, isActive, onToggle } = props;
  const row = layout.row(index);
  if (!row) {
    return null;
  }
  return (
    <div
      className="jp-GlobusCompute-treeItem"
      role="treeitem"
      aria-level={row.level}
      aria-label={props.describe(row)}
      aria-expanded={row.isExpanded}
      aria-selected={isActive}
      aria-posinset={row.position}
      aria-setsize={row.setSize}
      tabIndex={props.isTabStop ? 0 : -1}
      data-key={row.key}
      data-index={index}
      data-kind={row.kind}
      style={{
        top: layout.topOf(index) * scale,
        height: layout.heightOf(index) * scale
      }}
      onClick={event => {
        // A button within the row does what it says and no more.
        if (!isButton(event.target)) {
          onToggle(row);
        }
      }}
    >
      {props.draw(row)}
    </div>
  );
}

function onKeyDown<T extends ITreeRow>(
  event: KeyboardEvent,
  props: IWindowedTreeProps<T>,
  activate: (index: number) => void
): void {
  const item = itemOf(event.target);
  // Keys on a button inside a row are the button's.
  if (!item || item !== event.target || event.ctrlKey || event.metaKey) {
    return;
  }
  const index = Number(item.dataset.index);
  const row = props.layout.row(index);
  const key = event.shiftKey && event.key === 'F10' ? 'ContextMenu' : event.key;
  const action = treeAction(props.layout, index, key, PAGE_LENGTH);
  if (!row || !action) {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  switch (action.kind) {
    case 'move':
      activate(action.index);
      break;
    case 'toggle':
      props.onToggle(row);
      break;
    case 'open':
      props.onOpen(row);
      break;
    case 'menu': {
      const { left, bottom } = item.getBoundingClientRect();
      props.onMenu(row, left, bottom);
      break;
    }
  }
}

function onContextMenu<T extends ITreeRow>(
  event: MouseEvent,
  props: IWindowedTreeProps<T>
): void {
  const item = itemOf(event.target);
  const row = item && props.layout.row(Number(item.dataset.index));
  // With Shift the browser's own menu comes, as everywhere in JupyterLab.
  if (row && !event.shiftKey) {
    event.preventDefault();
    event.stopPropagation();
    props.onMenu(row, event.clientX, event.clientY);
  }
}

function keyOf(event: FocusEvent): string | undefined {
  return itemOf(event.target)?.dataset.key;
}

function itemOf(target: EventTarget): HTMLElement | null {
  return target instanceof Element
    ? target.closest<HTMLElement>('[role="treeitem"]')
    : null;
}

function isButton(target: EventTarget): boolean {
  return target instanceof Element && target.closest('button, a') !== null;
}

function range(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);
}

function focusRow(scroller: HTMLElement | null, index: number): void {
  scroller
    ?.querySelector<HTMLElement>(`[data-index="${index}"]`)
    ?.focus({ preventScroll: true });
}

/** Scroll as little as needed to show a row. */
function scrollTo(
  scroller: HTMLElement | null,
  layout: TreeLayout<ITreeRow>,
  index: number,
  scale: number
): void {
  if (!scroller) {
    return;
  }
  const top = layout.topOf(index) * scale;
  const bottom = top + layout.heightOf(index) * scale;
  if (top < scroller.scrollTop) {
    scroller.scrollTop = top;
  } else if (bottom > scroller.scrollTop + scroller.clientHeight) {
    scroller.scrollTop = bottom - scroller.clientHeight;
  }
}

/** Follow the size of the list, and of JupyterLab's font. */
function watchSize(
  scroller: HTMLElement | null,
  setView: (change: (old: IView) => IView) => void
): (() => void) | undefined {
  if (!scroller) {
    return undefined;
  }
  const observer = new ResizeObserver(() => {
    const height = scroller.clientHeight || HEIGHT_AT_FIRST;
    const fontSize = parseFloat(getComputedStyle(scroller).fontSize);
    const scale = fontSize > 0 ? fontSize / BASE_FONT_SIZE : 1;
    setView(old =>
      old.height === height && old.scale === scale
        ? old
        : { ...old, height, scale }
    );
  });
  observer.observe(scroller);
  return () => {
    observer.disconnect();
  };
}
