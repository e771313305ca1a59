import type { Cell, CodeCell, ICodeCellModel } from '@jupyterlab/cells';
import { isCodeCellModel } from '@jupyterlab/cells';
import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import type { PanelLayout } from '@lumino/widgets';

import { isComputeCell } from '../magic/magic';
import { ComputeBar } from './bar';
import type { IBarServices } from './barModel';

/** Gives every `%%compute` cell of a notebook its bar, as it is written. */
export class NotebookBars implements DocumentRegistry.IWidgetExtension<
  NotebookPanel,
  INotebookModel
> {
  /**
   * @param fill - Puts the items into a new bar.
   */
  constructor(services: IBarServices, fill: (bar: ComputeBar) => void) {
    this._services = services;
    this._fill = fill;
  }

  createNew(panel: NotebookPanel): IDisposable {
    const seen = new WeakSet<Cell>();
    const scan = (): void => {
      for (const cell of panel.isDisposed ? [] : panel.content.widgets) {
        if (!seen.has(cell)) {
          seen.add(cell);
          void this._follow(cell, () => panel.context.path);
        }
      }
    };
    // Cells are made anew when they are moved, split, or change their type.
    panel.content.modelContentChanged.connect(scan);
    void panel.context.ready.then(scan);
    return new DisposableDelegate(() => {
      if (!panel.content.isDisposed) {
        panel.content.modelContentChanged.disconnect(scan);
      }
    });
  }

  private async _follow(cell: Cell, path: () => string): Promise<void> {
    await cell.ready;
    if (cell.isDisposed || !isCodeCellModel(cell.model)) {
      return;
    }
    const code = cell as CodeCell;
    const { sharedModel } = code.model;
    let bar: ComputeBar | null = null;
    const sync = (): void => {
      const wanted = isComputeCell(sharedModel.getSource());
      if (wanted && !bar) {
        bar = this._attach(code, path);
      } else if (!wanted && bar) {
        bar.dispose();
        bar = null;
      }
    };
    sharedModel.changed.connect(sync);
    cell.disposed.connect(() => sharedModel.changed.disconnect(sync));
    sync();
  }

  private _attach(cell: Cell<ICodeCellModel>, path: () => string): ComputeBar {
    const bar = new ComputeBar(cell.model, this._services, path);
    this._fill(bar);
    // Between the cell's header and its input.
    (cell.layout as PanelLayout).insertWidget(1, bar);
    if (this._services.endpoints.items.length === 0) {
      void this._services.endpoints.refresh();
    }
    return bar;
  }

  private readonly _services: IBarServices;
  private readonly _fill: (bar: ComputeBar) => void;
}

/** The bar that a cell shows, if it is a `%%compute` cell. */
export function barOf(cell: Cell): ComputeBar | undefined {
  const widgets = (cell.layout as PanelLayout | null)?.widgets ?? [];
  return widgets.find(widget => widget instanceof ComputeBar);
}
