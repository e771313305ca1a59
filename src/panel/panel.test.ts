import { nullTranslator } from '@jupyterlab/translation';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import {
  FakeBatch,
  FakeBatches,
  makeSnapshot
} from '../model/testing/fakeBatches';
import { FakeEndpoints } from '../model/testing/fakeEndpoints';
import type { IEndpointInfo } from '../tokens';

import { BatchesModel } from './batchesModel';
import { ComputePanel, PANEL_ID } from './panel';
import { button } from './testing/queries';

// JupyterLab's toolbar asks as it is loaded, and by an old name of the method.
vi.hoisted(() => {
  vi.stubGlobal('matchMedia', (media: string) => ({
    matches: false,
    media,
    addListener: () => undefined,
    removeListener: () => undefined
  }));
});

const LOCAL: IEndpointInfo = {
  id: 'endpoint-1',
  name: 'This computer',
  registeredName: 'local',
  service: 'local',
  status: 'online',
  workers: 2,
  pythonVersion: '3.11.2'
};

class PanelEndpoints extends FakeEndpoints {
  refreshes = 0;

  override refresh(): Promise<void> {
    this.refreshes += 1;
    return Promise.resolve();
  }

  override find(): never {
    throw new Error('Unexpected call of find().');
  }

  become(items: readonly IEndpointInfo[], problem: string | null = null): void {
    this.items = items;
    this.problem = problem;
    this.changed.emit();
  }
}

function makeBatches(count: number): FakeBatch[] {
  return Array.from(
    { length: count },
    (_, index) =>
      new FakeBatch(makeSnapshot({ id: `b${index}`, title: `run-${index}` }))
  );
}

describe('ComputePanel', () => {
  let batches: FakeBatches;
  let endpoints: PanelEndpoints;
  let panel: ComputePanel;

  beforeEach(() => {
    vi.stubGlobal('requestIdleCallback', (callback: () => void) =>
      setTimeout(callback)
    );
    batches = new FakeBatches();
    endpoints = new PanelEndpoints();
    panel = new ComputePanel({
      batches,
      endpoints,
      translator: nullTranslator,
      onGoToCell: () => {
        throw new Error('Unexpected call of onGoToCell().');
      }
    });
    Widget.attach(panel, document.body);
  });

  afterEach(() => {
    panel.dispose();
    vi.unstubAllGlobals();
  });

  async function shows(...texts: string[]): Promise<void> {
    await vi.waitFor(() => {
      for (const text of texts) {
        expect(panel.node.textContent).toContain(text);
      }
    });
  }

  it('has a name, an icon and its two sections', () => {
    expect(panel.id).toBe(PANEL_ID);
    expect(panel.title.caption).toBe('Globus Compute');
    expect(panel.title.icon).toMatchObject({
      name: 'jupyterlab-globus-compute:compute'
    });
    expect(panel.widgets.map(({ title }) => title.label)).toEqual([
      'Batches',
      'Endpoints'
    ]);
  });

  it('follows the batches, in its list and beside the title', async () => {
    await shows('No batches yet.');
    batches.become([
      new FakeBatch(
        makeSnapshot({ id: 'a', title: 'simulate', state: 'running' })
      ),
      new FakeBatch(makeSnapshot({ id: 'b', title: 'divide', state: 'failed' }))
    ]);
    await shows('simulate', 'divide', '1 running · 1 failed');
  });

  it('follows the endpoints', async () => {
    await shows('No endpoints found.', 'This computer · no account needed');
    endpoints.become([
      LOCAL,
      { ...LOCAL, id: 'e2', name: 'lab', status: 'offline', workers: 1 }
    ]);
    await shows(
      '2 workers',
      'online · Python 3.11.2 · default',
      '1 worker',
      'offline · Python 3.11.2'
    );
  });

  it('reads the endpoints each time it is opened, and only then', async () => {
    expect(endpoints.refreshes).toBe(1);
    await Promise.resolve();
    panel.hide();
    Widget.detach(panel);
    Widget.attach(panel, document.body);
    expect(endpoints.refreshes).toBe(1);
    panel.show();
    expect(endpoints.refreshes).toBe(2);
  });

  it('says why endpoints could not be read, and tries again', async () => {
    endpoints.become([], 'The server did not answer. Check that it runs.');
    await shows('The server did not answer.');
    await vi.waitFor(() => {
      expect(button(panel.node, /Try again/).disabled).toBe(false);
    });
    button(panel.node, /Try again/).click();
    expect(endpoints.refreshes).toBe(2);
  });

  it('draws nothing while it is hidden and catches up after', async () => {
    await shows('No batches yet.');
    panel.hide();
    const shown = vi.spyOn(BatchesModel.prototype, 'shown', 'get');
    batches.become(makeBatches(1));
    endpoints.become([LOCAL], 'A problem to wait for.');
    MessageLoop.flush();
    expect(shown).not.toHaveBeenCalled();
    panel.show();
    await shows('run-0', 'A problem to wait for.');
  });

  it('stops following when it is disposed', () => {
    const stopsBatches = vi.spyOn(batches.changed, 'disconnect');
    const stopsEndpoints = vi.spyOn(endpoints.changed, 'disconnect');
    panel.dispose();
    expect(stopsBatches).toHaveReturnedWith(true);
    expect(stopsEndpoints).toHaveReturnedWith(true);
  });
});

describe('BatchesModel', () => {
  it('shows two hundred batches at a time', () => {
    const model = new BatchesModel(new FakeBatches(makeBatches(450)));
    expect([model.shown.length, model.hiddenCount]).toEqual([200, 250]);
    model.showMore();
    model.showMore();
    expect([model.shown.length, model.hiddenCount]).toEqual([450, 0]);
    model.query = 'run-4';
    expect(model.shown).toHaveLength(61);
    model.resetFilter();
    expect([model.shown.length, model.hiddenCount]).toEqual([200, 250]);
  });

  it('forgets that a batch was open when the batch is gone', () => {
    const batches = new FakeBatches(makeBatches(2));
    const model = new BatchesModel(batches);
    model.toggle('b0');
    model.toggle('b1');
    model.toggle('b1');
    expect([...model.expanded]).toEqual(['b0']);
    batches.become(makeBatches(0));
    expect([...model.expanded]).toEqual([]);
  });

  it('clears what has ended', () => {
    const batches = new FakeBatches();
    const clears = vi.spyOn(batches, 'clearFinished').mockResolvedValue([]);
    new BatchesModel(batches).clearFinished();
    expect(clears).toHaveBeenCalledOnce();
  });
});
