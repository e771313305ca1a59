import type { ReactElement } from 'react';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, vi } from 'vitest';

/** A React element drawn into the document. */
export interface IMounted {
  readonly node: HTMLElement;
  /** Draw the element with other properties. */
  redraw(element: ReactElement): void;
}

const cleanups: (() => void)[] = [];

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
});

afterEach(() => {
  cleanups.splice(0).forEach(cleanup => {
    cleanup();
  });
  vi.unstubAllGlobals();
});

/** Draw an element into the document until the test is over. */
export function mount(element: ReactElement): IMounted {
  const node = document.body.appendChild(document.createElement('div'));
  const root = createRoot(node);
  const redraw = (next: ReactElement): void => {
    act(() => {
      root.render(next);
    });
  };
  cleanups.push(() => {
    act(() => {
      root.unmount();
    });
    node.remove();
  });
  redraw(element);
  return { node, redraw };
}

/** Click and let React draw. */
export function click(element: HTMLElement): void {
  act(() => {
    element.click();
  });
}
