import type { ICodeCellModel } from '@jupyterlab/cells';
import { NotebookModel } from '@jupyterlab/notebook';
import { beforeEach, describe, expect, it } from 'vitest';

import { BATCH_MIME_TYPE } from '../tokens';
import { CellLanding } from './landing';

const card = (state: string): Record<string, { state: string } | string> => ({
  [BATCH_MIME_TYPE]: { state },
  'text/plain': state
});

const stream = (text: string): Parameters<CellLanding['add']>[0] => ({
  output_type: 'stream',
  name: 'stdout',
  text
});

describe('CellLanding', () => {
  let notebook: NotebookModel;
  let landing: CellLanding;

  /** What would be saved. */
  const saved = (): (string | undefined)[] =>
    notebook.sharedModel.cells[0].toJSON().outputs instanceof Array
      ? (
          notebook.sharedModel.cells[0].toJSON().outputs as {
            text?: string | string[];
            evalue?: string;
            data?: Record<string, string>;
          }[]
        ).map(output =>
          output.text === undefined
            ? (output.data?.['text/plain'] ?? output.evalue)
            : [output.text].flat().join('')
        )
      : [];

  beforeEach(() => {
    notebook = new NotebookModel();
    notebook.sharedModel.insertCell(0, {
      cell_type: 'code',
      source: '%%compute',
      outputs: [{ output_type: 'stream', name: 'stdout', text: 'old' }]
    });
    landing = new CellLanding(notebook, notebook.cells.get(0).id);
    landing.begin();
    return () => notebook.dispose();
  });

  it('clears what an earlier run left', () => {
    expect(saved()).toEqual([]);
  });

  it('puts the card above what was shown before it', () => {
    landing.handle({ kind: 'add', output: stream('before\n') });
    landing.putCard(card('running'));
    landing.handle({ kind: 'add', output: stream('after\n') });
    landing.putCard(card('done'));
    expect(saved()).toEqual(['done', 'before\nafter\n']);
  });

  it('writes all outputs anew where others share the notebook', () => {
    const shared = new NotebookModel({ collaborationEnabled: true });
    shared.sharedModel.insertCell(0, { cell_type: 'code', source: '' });
    const cell = shared.cells.get(0) as ICodeCellModel;
    const landing = new CellLanding(shared, cell.id);
    const changes: string[] = [];
    landing.putCard(card('running'));
    cell.outputs.changed.connect((_, { type }) => changes.push(type));
    landing.putCard(card('waiting'));
    expect(changes).toEqual(['set']);
    landing.addStream('stdout', 'a');
    landing.putCard(card('done'));
    expect(changes.filter(type => type === 'set')).toHaveLength(1);
    landing.addStream('stdout', 'b');
    landing.addStream('stdout', 'c');
    expect(changes).not.toContain('remove');
    const ending = {
      executionCount: 1,
      started: new Date(),
      recordTiming: false
    };
    // What was joined to other text is drawn by others only when it is new.
    changes.length = 0;
    landing.end(ending);
    expect(changes).toEqual(['clear', 'add', 'add']);
    landing.end(ending);
    expect(changes).toHaveLength(3);
    const { outputs } = shared.sharedModel.cells[0].toJSON();
    expect(outputs).toMatchObject([
      { data: { 'text/plain': 'done' } },
      { text: 'abc' }
    ]);
    shared.dispose();
  });

  it('does not put the card back when a person cleared the cell', () => {
    landing.putCard(card('running'));
    (notebook.cells.get(0) as ICodeCellModel).clearExecution();
    landing.putCard(card('done'));
    expect(saved()).toEqual([]);
  });

  it('keeps the card when the code clears its output', () => {
    landing.putCard(card('running'));
    landing.handle({ kind: 'add', output: stream('1') });
    landing.handle({ kind: 'clear', wait: true });
    expect(saved()).toEqual(['running', '1']);
    landing.handle({ kind: 'add', output: stream('2') });
    expect(saved()).toEqual(['running', '2']);
    landing.handle({ kind: 'clear', wait: false });
    expect(saved()).toEqual(['running']);
  });

  it('updates a display where it stands now', () => {
    const display = (text: string): Parameters<CellLanding['add']>[0] => ({
      output_type: 'display_data',
      data: { 'text/plain': text },
      metadata: {}
    });
    landing.handle({ kind: 'add', output: display('0 %'), displayId: 'bar' });
    landing.putCard(card('running'));
    landing.handle({
      kind: 'update',
      output: display('100 %'),
      displayId: 'bar'
    });
    landing.handle({
      kind: 'update',
      output: display('x'),
      displayId: 'other'
    });
    expect(saved()).toEqual(['running', '100 %']);
  });

  it('finds its cell again after it was moved', () => {
    notebook.sharedModel.insertCell(1, { cell_type: 'code', source: 'x' });
    landing.putCard(card('running'));
    notebook.sharedModel.moveCell(0, 1);
    landing.putCard(card('done'));
    landing.end({
      executionCount: 3,
      started: new Date(),
      recordTiming: false
    });
    const moved = notebook.sharedModel.cells[1].toJSON();
    expect(JSON.stringify(moved.outputs)).toContain('"done"');
    expect(moved.execution_count).toBe(3);
    notebook.sharedModel.moveCell(1, 0);
  });

  it('writes nothing into a notebook that was closed', () => {
    landing.putCard(card('running'));
    notebook.dispose();
    expect(() => {
      landing.putCard(card('done'));
      landing.addStream('stdout', 'late');
      landing.refuse('Error', 'late');
      landing.end({
        executionCount: 3,
        started: new Date(),
        recordTiming: true
      });
    }).not.toThrow();
  });

  it('says in one error why a cell did not run', () => {
    landing.refuse('ComputeError', 'There is no endpoint "x".');
    expect(saved()).toEqual(['There is no endpoint "x".']);
  });
});
