import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { IMimeBundle, IOutput } from '@jupyterlab/nbformat';
import { NotebookModel } from '@jupyterlab/notebook';
import type { PartialJSONObject } from '@lumino/coreutils';
import { PromiseDelegate } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { beforeEach, describe, expect, it } from 'vitest';

import type { IService } from '../../model/services';
import { FakeEvents } from '../../model/testing/fakeEvents';
import {
  FakeVault,
  makeRecord,
  makeTaskRecord
} from '../../model/testing/fakeVault';
import { Landings } from '../../model/vault/landings';
import { LateResults } from '../../model/vault/lateResults';
import { VaultList } from '../../model/vault/vaultList';
import { BATCH_MIME_TYPE } from '../../tokens';
import { LateLanding } from './lateLanding';

type Context = DocumentRegistry.IContext<NotebookModel>;

const DONE = {
  state: 'done',
  counts: { total: 1, waiting: 0, running: 0, done: 1, failed: 0 }
} as const;

/** A notebook of two cells in a browser of its own. */
class Browser {
  constructor(
    vault: FakeVault,
    outputs: IOutput[] = [],
    { collaborative = false, isMine = true } = {}
  ) {
    this.notebook = new NotebookModel({ collaborationEnabled: collaborative });
    for (const [at, id] of ['c1', 'c2'].entries()) {
      this.notebook.sharedModel.insertCell(at, {
        cell_type: 'code',
        id,
        source: '%%compute\narea(1)',
        outputs: at === 0 ? outputs : []
      });
    }
    this.notebook.dirty = false;
    this.list = new VaultList(vault, this.events);
    this.landing = new LateLanding(
      {
        vault,
        list: this.list,
        landings: new Landings(vault),
        results: new LateResults(vault, {
          get: () => Promise.resolve(service(this.fetched))
        }),
        toMimeBundle: snapshot => ({
          [BATCH_MIME_TYPE]: JSON.parse(
            JSON.stringify(snapshot)
          ) as IMimeBundle[string]
        }),
        isMine: () => isMine,
        sanitizer: { sanitize: html => `sanitised ${html}` },
        isRunning: cellId => this.running.has(cellId)
      },
      {
        path: 'hello.ipynb',
        model: this.notebook,
        saveState: this.saveState,
        disposed: this.disposed,
        save: () => this.save()
      } as unknown as Context
    );
  }

  async save(): Promise<void> {
    this.saves += 1;
    this.saveState.emit('started');
    this.file = JSON.stringify(this.notebook.toJSON());
    await this.saving;
    this.notebook.dirty = false;
    this.saveState.emit('completed');
  }

  /** What a cell shows: texts, and of a card its state. */
  shown(id = 'c1'): (string | undefined)[] {
    const cell = [...this.notebook.cells].find(cell => cell.id === id)!;
    const { outputs } = cell.sharedModel.toJSON() as unknown as {
      outputs: {
        text?: string | string[];
        data?: Record<string, string> & {
          [BATCH_MIME_TYPE]?: { id: string; state: string };
        };
      }[];
    };
    return outputs.map(({ text, data }) => {
      const card = data?.[BATCH_MIME_TYPE];
      return card
        ? `${card.id} ${card.state}`
        : text
          ? [text].flat().join('')
          : data?.['text/plain'];
    });
  }

  readonly notebook: NotebookModel;
  readonly events = new FakeEvents();
  readonly list: VaultList;
  readonly landing: LateLanding;
  readonly running = new Set<string>();
  readonly fetched: string[] = [];
  readonly saveState = new Signal<object, DocumentRegistry.SaveState>({});
  readonly disposed = new Signal<object, void>({});
  saves = 0;
  file = '';
  saving = Promise.resolve();
}

/** A service whose tasks all printed a line and returned a value. */
function service(fetched: string[]): IService {
  return {
    client: {
      getBatchResult: (ids: readonly string[]) => {
        fetched.push(...ids);
        return Promise.resolve(
          new Map(
            ids.map(taskId => [
              taskId,
              {
                taskId,
                pending: false,
                status: 'success',
                serialized: '00\n',
                result: new Map<string, unknown>([
                  ['gc', 1],
                  ['out', `printed by ${taskId}\n`],
                  [
                    'mime',
                    new Map([
                      ['text/plain', `value of ${taskId}`],
                      ['text/html', '<b>value</b>'],
                      ['image/svg+xml', '<svg/>']
                    ])
                  ]
                ])
              }
            ])
          )
        );
      }
    }
  } as unknown as IService;
}

const card = (fields: PartialJSONObject): IOutput => ({
  output_type: 'display_data',
  data: { [BATCH_MIME_TYPE]: { id: 'batch-1', created: 1, ...fields } },
  metadata: {}
});

const LANDED = ['batch-1 done', 'printed by t0\n', 'value of t0'];

describe('LateLanding', () => {
  let vault: FakeVault;

  beforeEach(() => {
    vault = new FakeVault();
    vault.add(makeRecord(DONE), [makeTaskRecord(0)]);
  });

  it('brings a card up to date and adds what came, once', async () => {
    const browser = new Browser(vault, [card({ state: 'waiting' })]);
    await browser.landing.start();
    expect(browser.shown()).toEqual(LANDED);
    expect(browser.shown('c2')).toEqual([]);
    await expect.poll(() => vault.records.get('batch-1')?.landed).toBe(true);
    expect(browser.saves).toBe(1);

    // Opened again, from the saved file.
    await browser.landing.start();
    expect(browser.shown()).toEqual(LANDED);
  });

  it.each([
    [true, { 'text/html': '<b>value</b>', 'image/svg+xml': '<svg/>' }],
    [false, { 'text/html': 'sanitised <b>value</b>' }]
  ])('takes what came for harmless if it is mine: %s', async (isMine, rich) => {
    const browser = new Browser(vault, [card({ state: 'waiting' })], {
      isMine
    });
    await browser.landing.start();
    const [cell] = browser.notebook.cells;
    expect(cell.sharedModel.toJSON()).toHaveProperty('outputs.2.data', {
      'text/plain': 'value of t0',
      ...rich
    });
  });

  it('saves what lands while the last is being saved', async () => {
    const record = makeRecord({ ...DONE, id: 'batch-2', cellId: 'c2' });
    vault.add(record, [makeTaskRecord(7)]);
    const browser = new Browser(vault);
    const saving = new PromiseDelegate<void>();
    browser.saving = saving.promise;
    await browser.landing.start();
    expect(browser.saves).toBe(1);
    expect(browser.shown('c1')).not.toEqual([]);
    expect(browser.shown('c2')).not.toEqual([]);
    saving.resolve();
    await expect.poll(() => browser.saves).toBe(2);
    expect(browser.file).toMatch(
      /value of t7.*value of t0|value of t0.*value of t7/s
    );
    await expect
      .poll(() => [...vault.records.values()].map(({ landed }) => landed))
      .toEqual([true, true]);
  });

  it('finds the cell where it is now', async () => {
    const browser = new Browser(vault, [card({ state: 'waiting' })]);
    browser.notebook.sharedModel.moveCell(0, 1);
    await browser.landing.start();
    expect(browser.shown()).toEqual(LANDED);
    expect(browser.shown('c2')).toEqual([]);
  });

  it('gives a cell its card though the page never saved one', async () => {
    const browser = new Browser(vault);
    await browser.landing.start();
    expect(browser.shown()).toEqual(LANDED);
  });

  it('adds again what landed in a file that was not saved', async () => {
    const browser = new Browser(vault, [card({ state: 'waiting' })]);
    browser.notebook.dirty = true;
    await browser.landing.start();
    browser.disposed.emit();
    // Who writes next is asked for again: the claim was given up.
    await expect.poll(() => vault.claims.size).toBe(0);
    expect(vault.records.get('batch-1')?.landed).toBe(false);
    const later = new Browser(vault, [card({ state: 'waiting' })]);
    await later.landing.start();
    expect(later.shown()).toEqual(LANDED);
  });

  it('takes the cell from the vault, not from a card', async () => {
    const browser = new Browser(vault);
    browser.notebook.sharedModel.cells[1].setSource('forged');
    vault.records.set('batch-1', makeRecord({ ...DONE, cellId: 'gone' }));
    await browser.landing.start();
    expect([browser.shown(), browser.shown('c2')]).toEqual([[], []]);
    expect(browser.fetched).toEqual([]);
  });

  it('lands what is still running when it ends', async () => {
    vault.add(makeRecord(), [makeTaskRecord(0, { state: 'running' })]);
    const browser = new Browser(vault, [card({ state: 'running' })]);
    await browser.landing.start();
    expect(browser.shown()).toEqual(['batch-1 running']);
    const record = makeRecord({ ...DONE, sequence: 2 });
    vault.add(record, [makeTaskRecord(0)]);
    browser.events.batches.emit({ batches: [record], removed: [] });
    await expect.poll(() => browser.shown()).toEqual(LANDED);
  });

  it('adds only what is not there yet', async () => {
    vault.add(
      makeRecord({ ...DONE, counts: { ...DONE.counts, total: 2, done: 2 } }),
      [makeTaskRecord(0), makeTaskRecord(1)]
    );
    const browser = new Browser(vault, [
      card({ state: 'running', landed: 1 }),
      { output_type: 'stream', name: 'stdout', text: 'first\n' }
    ]);
    await browser.landing.start();
    expect(browser.shown()).toEqual([
      'batch-1 done',
      'first\nprinted by t1\n',
      'value of t1'
    ]);
  });

  it.each([
    ['a newer run of the cell', [card({ id: 'other', created: 2e9 })]],
    [
      'outputs of something else',
      [{ output_type: 'stream', name: 'stdout', text: 'mine' }]
    ]
  ])('leaves %s alone', async (_, outputs) => {
    const browser = new Browser(vault, outputs);
    const before = browser.shown();
    await browser.landing.start();
    expect(browser.shown()).toEqual(before);
    expect(browser.fetched).toEqual([]);
  });

  it('leaves a cell alone that a person cleared or that runs', async () => {
    vault.add(makeRecord({ ...DONE, landed: true }), [makeTaskRecord(0)]);
    const cleared = new Browser(vault);
    await cleared.landing.start();
    expect(cleared.shown()).toEqual([]);
    vault.add(makeRecord(DONE), [makeTaskRecord(0)]);
    const running = new Browser(vault);
    running.running.add('c1');
    await running.landing.start();
    expect(running.shown()).toEqual([]);
  });

  it('has one of two browsers write', async () => {
    const first = new Browser(vault, [card({ state: 'waiting' })]);
    const second = new Browser(vault, [card({ state: 'waiting' })]);
    await Promise.all([first.landing.start(), second.landing.start()]);
    await expect.poll(() => vault.records.get('batch-1')?.landed).toBe(true);
    const lengths = [first.shown().length, second.shown().length].sort();
    expect(lengths).toEqual([1, 3]);
  });

  it('lands what others start in a shared notebook, not in a copy', async () => {
    vault.records.clear();
    const outputs = [card({ state: 'running' })];
    const shared = new Browser(vault, outputs, { collaborative: true });
    const copy = new Browser(vault, outputs);
    // As the side panel has it: it follows all batches.
    await copy.list.refresh();
    await Promise.all([copy.landing.start(), shared.landing.start()]);
    for (const record of [makeRecord(), makeRecord({ ...DONE, sequence: 2 })]) {
      vault.add(record, [makeTaskRecord(0)]);
      for (const { events } of [copy, shared]) {
        events.batches.emit({ batches: [record], removed: [] });
      }
    }
    await expect.poll(() => shared.shown()).toEqual(LANDED);
    expect(copy.shown()).toEqual(['batch-1 running']);
    expect(copy.list.get('batch-1')?.state).toBe('done');
  });

  it('says which lines did not run', async () => {
    const browser = new Browser(vault);
    await browser.landing.start();
    expect(browser.list.get('batch-1')?.note).toMatch(
      /What follows the calls in line 5 did not run/
    );
  });
});
