import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { INotebookContent } from '@jupyterlab/nbformat';
import type { Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';

/** A cell to be put into a notebook. */
export interface ICellText {
  readonly id: string;
  readonly source: string;
}

/** An output as the saved file has it. */
export interface ISavedOutput {
  readonly output_type: string;
  readonly data?: Record<string, unknown>;
  readonly text?: string | string[];
  readonly ename?: string;
  readonly evalue?: string;
}

/** As much of a notebook's panel as tells the state of its kernel. */
interface IConnectedPanel {
  readonly sessionContext?: {
    readonly session?: {
      readonly kernel?: {
        readonly status: string;
        readonly connectionStatus: string;
      };
    };
  };
}

/** As much of a notebook's panel as tells whether it is being saved. */
interface ISavingPanel {
  readonly context: {
    isSaving?: boolean;
    readonly saveState: {
      connect(slot: (sender: unknown, state: string) => void): void;
    };
  };
}

/** A notebook of the given cells, as a file. */
export function notebookOf(cells: readonly ICellText[]): unknown {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: {
        name: 'python3',
        display_name: 'Python 3 (ipykernel)',
        language: 'python'
      },
      language_info: { name: 'python' }
    },
    cells: cells.map(({ id, source }) => ({
      cell_type: 'code',
      id,
      source,
      metadata: {},
      outputs: [],
      execution_count: null
    }))
  };
}

/** One of the project's example notebooks, as a file. */
export function exampleNotebook(name: string): unknown {
  const file = path.join(__dirname, '..', 'examples', name);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** A notebook in a JupyterLab in a browser, as a person handles it. */
export class NotebookPage {
  private constructor(
    readonly page: Page,
    readonly path: string
  ) {}

  /** Save a notebook on the server, open it and wait for its kernel. */
  static async open(
    page: Page,
    name: string,
    content: unknown,
    lab = '/lab?reset'
  ): Promise<NotebookPage> {
    await NotebookPage._start(page, lab);
    await page.evaluate(
      async ([path, content]) => {
        const { contents } = window.jupyterapp.serviceManager;
        await contents.save(path, {
          type: 'notebook',
          format: 'json',
          content
        });
      },
      [name, content as INotebookContent] as const
    );
    return NotebookPage._show(page, name);
  }

  /** Open a notebook that is there, in a page of its own. */
  static async reopen(
    page: Page,
    name: string,
    lab = '/lab?reset'
  ): Promise<NotebookPage> {
    await NotebookPage._start(page, lab);
    return NotebookPage._show(page, name);
  }

  /** Open a notebook that is there by the address of its own page. */
  static async visit(
    page: Page,
    name: string,
    address: string
  ): Promise<NotebookPage> {
    await NotebookPage._start(page, address);
    const notebook = new NotebookPage(page, name);
    await notebook.waitForKernel();
    await NotebookPage._noteSaves(page, null);
    return notebook;
  }

  private static async _start(page: Page, lab: string): Promise<void> {
    // Widgets get the focus, and so become current, in the tab in front alone.
    await page.bringToFront();
    await page.goto(lab, { waitUntil: 'load' });
    // Playwright retries while it is false, but not when it throws.
    await page.waitForFunction(() => 'jupyterapp' in window);
    await page.evaluate(() => window.jupyterapp.restored.then(() => null));
  }

  private static async _show(page: Page, name: string): Promise<NotebookPage> {
    await NotebookPage._noteSaves(page, name);
    const notebook = new NotebookPage(page, name);
    await notebook.waitForKernel();
    return notebook;
  }

  /**
   * Open a notebook, or take the current one, and note from the first moment
   * when it is being saved, which it is by itself too: what saves it in
   * between meets a file that seems to have changed on disk.
   */
  private static async _noteSaves(
    page: Page,
    path: string | null
  ): Promise<void> {
    await page.evaluate(async path => {
      const { commands, shell } = window.jupyterapp;
      const panel: unknown =
        path === null
          ? shell.currentWidget
          : await commands.execute('docmanager:open', { path });
      const { context } = panel as ISavingPanel;
      if (context.isSaving === undefined) {
        context.isSaving = false;
        context.saveState.connect((_, state) => {
          context.isSaving = state === 'started';
        });
      }
    }, path);
  }

  /** Wait until the notebook has a kernel that takes requests. */
  async waitForKernel(): Promise<void> {
    await expect
      .poll(
        () =>
          this.page.evaluate(() => {
            const panel = window.jupyterapp.shell
              .currentWidget as unknown as IConnectedPanel | null;
            const kernel = panel?.sessionContext?.session?.kernel;
            return kernel && `${kernel.status}, ${kernel.connectionStatus}`;
          }),
        { message: 'kernel of the notebook', timeout: 60_000 }
      )
      .toBe('idle, connected');
  }

  /** Execute one of JupyterLab's commands. */
  async command(id: string, args: Record<string, string> = {}): Promise<void> {
    await this.page.evaluate(
      async ([id, args]) => {
        await window.jupyterapp.commands.execute(id, args);
      },
      [id, args] as const
    );
  }

  /** Start one of JupyterLab's commands without waiting for its end. */
  async startCommand(
    id: string,
    args: Record<string, string> = {}
  ): Promise<void> {
    await this.page.evaluate(
      ([id, args]) => {
        void window.jupyterapp.commands.execute(id, args);
      },
      [id, args] as const
    );
  }

  /** Run all cells and wait until each has ended. */
  async runAll(): Promise<void> {
    await this.command('notebook:run-all-cells');
  }

  /** Make a cell the active one and start it. */
  async startCell(id: string): Promise<void> {
    await this.select(id);
    await this.startCommand('notebook:run-cell');
  }

  /** Run one cell and wait until it has ended. */
  async runCell(id: string): Promise<void> {
    await this.select(id);
    await this.command('notebook:run-cell');
  }

  /** Make a cell the active one. */
  async select(id: string): Promise<void> {
    await this.command('globus-compute:go-to-cell', {
      path: this.path,
      cellId: id
    });
  }

  /** The cell's place in the page. */
  async cell(id: string): Promise<Locator> {
    const index = await this.page.evaluate(id => {
      const panel = window.jupyterapp.shell.currentWidget as unknown as {
        content: { widgets: { model: { id: string } }[] };
      };
      return panel.content.widgets.findIndex(cell => cell.model.id === id);
    }, id);
    expect(index, `a cell with the id ${id}`).toBeGreaterThanOrEqual(0);
    return this.page.locator(
      `.jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell[data-windowed-list-index="${index}"]`
    );
  }

  /** Save the notebook and read the outputs of a cell from its file. */
  async savedOutputs(id: string): Promise<ISavedOutput[]> {
    await this.page.waitForFunction(() => {
      const panel = window.jupyterapp.shell
        .currentWidget as unknown as ISavingPanel;
      return !panel.context.isSaving;
    });
    await this.command('docmanager:save');
    return this.outputsInFile(id);
  }

  /** The outputs of a cell in the file as it is now. */
  async outputsInFile(id: string): Promise<ISavedOutput[]> {
    const content = await this.page.evaluate(async path => {
      const { contents } = window.jupyterapp.serviceManager;
      const model = await contents.get(path, { content: true });
      return model.content as unknown;
    }, this.path);
    const { cells } = content as {
      cells: { id: string; outputs: ISavedOutput[] }[];
    };
    const cell = cells.find(cell => cell.id === id);
    if (!cell) {
      throw new Error(`${this.path} has no cell ${id}.`);
    }
    return cell.outputs;
  }
}

/** The text of a saved output, whichever kind it is. */
export function textOf(output: ISavedOutput): string {
  const text = output.text ?? output.data?.['text/plain'] ?? output.evalue;
  return [text]
    .flat()
    .filter(part => typeof part === 'string')
    .join('');
}
