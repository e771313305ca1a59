import { Toolbar } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import type { Widget } from '@lumino/widgets';

import { fold } from './fold';

/**
 * A toolbar that stays one line: what does not fit is hidden, because a menu
 * in the toolbar has it too.
 *
 * JupyterLab's ReactiveToolbar moves items into a popup instead; it needs a
 * parent that tells it of its size, which the layout of a cell does not, and
 * takes half a second.
 *
 * An item tells by the attribute `data-fold` of its node what may happen to
 * it: `hide`; or the least width it needs, in pixels, while the rest of its
 * text is cut.
 */
export class FoldingToolbar extends Toolbar {
  constructor() {
    super();
    this._observer = new ResizeObserver(entries => {
      for (const { target, borderBoxSize, contentRect } of entries) {
        if (target === this.node) {
          this._width = contentRect.width;
        } else if (!(target as HTMLElement).hidden) {
          this._widths.set(target, borderBoxSize[0].inlineSize);
        }
      }
      this._fold();
    });
    this._observer.observe(this.node);
  }

  override insertItem(index: number, name: string, widget: Widget): boolean {
    const isNew = super.insertItem(index, name, widget);
    if (isNew) {
      this._observer.observe(widget.node);
    }
    return isNew;
  }

  override dispose(): void {
    this._observer.disconnect();
    super.dispose();
  }

  protected override onChildRemoved(msg: Widget.ChildMessage): void {
    this._observer.unobserve(msg.child.node);
    this._widths.delete(msg.child.node);
    super.onChildRemoved(msg);
  }

  protected override onBeforeAttach(msg: Message): void {
    super.onBeforeAttach(msg);
    this.addClass('jp-GlobusCompute-folding');
  }

  private _fold(): void {
    const nodes = [...this.children()].map(({ node }) => node);
    const items = nodes.map(node => {
      const rule = node.dataset.fold;
      const mayFold = rule === 'hide';
      return {
        mayFold,
        width:
          rule === undefined || mayFold
            ? (this._widths.get(node) ?? 0)
            : Number(rule)
      };
    });
    fold(items, this._width).forEach((isFolded, at) => {
      if (nodes[at].hidden !== isFolded) {
        nodes[at].hidden = isFolded;
      }
    });
  }

  private readonly _observer: ResizeObserver;
  private readonly _widths = new Map<Element, number>();
  private _width = Infinity;
}
