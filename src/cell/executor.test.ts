import type { Cell } from '@jupyterlab/cells';
import type { INotebookCellExecutor } from '@jupyterlab/notebook';
import type * as notebookPackage from '@jupyterlab/notebook';
import { NotebookModel, runCell } from '@jupyterlab/notebook';
import { PromiseDelegate } from '@lumino/coreutils';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { ComputeCellExecutor } from './executor';
import type { IRunServices } from './run/runServices';
import { CellRuns } from './run/runs';

vi.mock('@jupyterlab/notebook', async importOriginal => ({
  ...(await importOriginal<typeof notebookPackage>()),
  runCell: vi.fn(() => Promise.resolve(true))
}));

type IOptions = INotebookCellExecutor.IRunCellOptions;

/** Fails the test when anything of ours is used. */
const NOTHING = new Proxy({} as IRunServices, {
  get: (_, name) => {
    throw new Error(`a cell that is not ours used ${String(name)}`);
  }
});

describe('ComputeCellExecutor', () => {
  let notebook: NotebookModel;
  let executor: ComputeCellExecutor;

  /** What JupyterLab hands over to run a cell. */
  const cellOf = (
    source: string,
    type = 'code',
    sessionContext?: unknown
  ): IOptions =>
    ({
      cell: {
        isDisposed: false,
        layout: null,
        model: {
          type,
          id: source,
          isDisposed: false,
          executionState: 'idle',
          sharedModel: { getSource: () => source }
        }
      } as unknown as Cell,
      notebook,
      notebookConfig: { recordTiming: false },
      sessionContext,
      onCellExecuted: () => undefined,
      onCellExecutionScheduled: () => undefined
    }) as unknown as IOptions;

  beforeEach(() => {
    notebook = new NotebookModel();
    executor = new ComputeCellExecutor(NOTHING, new CellRuns(), () => {
      throw new Error('a cell that is not ours asked for a sign-in');
    });
    vi.mocked(runCell).mockClear();
    vi.mocked(runCell).mockImplementation(() => Promise.resolve(true));
    return () => notebook.dispose();
  });

  it.each([
    ['1 + 1', 'code'],
    ['%%compute is not magic here', 'markdown'],
    ['%%bash\nls', 'code']
  ])("runs %j (%s) through JupyterLab's own code, at once", (source, type) => {
    const options = cellOf(source, type);
    const done = executor.runCell(options);
    // Before anything was awaited: the kernel gets requests in their order.
    expect(runCell).toHaveBeenCalledExactlyOnceWith(options);
    return expect(done).resolves.toBe(true);
  });

  it('passes on what JupyterLab throws', async () => {
    const failure = new Error('KernelReplyNotOK: ZeroDivisionError');
    vi.mocked(runCell).mockRejectedValue(failure);
    await expect(executor.runCell(cellOf('1 / 0'))).rejects.toBe(failure);
  });

  it.each([
    ['no session', undefined],
    ['a session that ends', { isTerminating: true }]
  ])('leaves a compute cell to JupyterLab with %s', async (_, context) => {
    const options = cellOf('%%compute\n1', 'code', context);
    await expect(executor.runCell(options)).resolves.toBe(true);
    expect(runCell).toHaveBeenCalledExactlyOnceWith(options);
  });

  it.each([
    ['%%compute\n1', 0],
    ['%compute_config --name x', 1]
  ])('does what it can for %j in a kernel for R', async (source, plain) => {
    notebook.sharedModel.insertCell(0, { cell_type: 'code', source });
    const model = notebook.cells.get(0);
    const ended = vi.fn();
    const options = {
      ...cellOf(source, 'code', {
        isTerminating: false,
        hasNoKernel: false,
        ready: Promise.resolve(),
        session: {
          kernel: { info: Promise.resolve({ language_info: { name: 'R' } }) }
        }
      }),
      cell: { isDisposed: false, model } as unknown as Cell,
      onCellExecuted: ended
    };
    await expect(executor.runCell(options)).resolves.toBe(plain === 1);
    expect(runCell).toHaveBeenCalledTimes(plain);
    const told = JSON.stringify(notebook.sharedModel.cells[0].toJSON());
    if (plain === 0) {
      expect(told).toContain('the kernel of this notebook is for R.');
      expect(ended.mock.calls).toMatchObject([[{ success: false }]]);
    }
  });

  it('drops the compute cell behind a plain cell that fails', async () => {
    const plain = new PromiseDelegate<boolean>();
    vi.mocked(runCell).mockReturnValueOnce(plain.promise);
    const first = executor.runCell(cellOf('1 / 0'));
    const second = executor.runCell(cellOf('%%compute\n1'));
    plain.reject(new Error('ZeroDivisionError'));
    await expect(first).rejects.toThrow('ZeroDivisionError');
    await expect(second).resolves.toBe(false);
    expect(runCell).toHaveBeenCalledOnce();
  });
});
