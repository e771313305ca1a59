import { Diagnoses } from '../model/diagnoses';
import { FakeAccounts } from '../model/testing/fakeAccounts';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type { Mock } from 'vitest';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import {
  FakeBatch,
  FakeBatches,
  makeSnapshot
} from '../model/testing/fakeBatches';
import { FakeClassFiles } from '../model/testing/fakeClassFiles';
import { FakeEndpoints } from '../model/testing/fakeEndpoints';
import type { IEndpointInfo } from '../tokens';

import { BatchesModel } from './batches/batchesModel';
import { ComputePanel, PANEL_ID } from './panel';
import { button } from './testing/queries';
import {
  CLOUD_SERVICE,
  FakeFunctions,
  FakeServices,
  LOCAL_SERVICE
} from './testing/services';

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

function refuse(): never {
  throw new Error('Unexpected call.');
}

describe('ComputePanel', () => {
  let batches: FakeBatches;
  let endpoints: PanelEndpoints;
  let functions: FakeFunctions;
  let services: FakeServices;
  let accounts: FakeAccounts;
  let refreshBatches: Mock<() => Promise<void>>;
  let panel: ComputePanel;

  beforeEach(() => {
    vi.stubGlobal('requestIdleCallback', (callback: () => void) =>
      setTimeout(callback)
    );
    refreshBatches = vi.fn(() => Promise.resolve());
    batches = new FakeBatches([], { refresh: refreshBatches });
    endpoints = new PanelEndpoints();
    functions = new FakeFunctions();
    services = new FakeServices();
    accounts = new FakeAccounts([], { refresh: () => Promise.resolve() });
    panel = new ComputePanel({
      batches,
      endpoints,
      functions,
      services,
      accounts,
      diagnoses: new Diagnoses(accounts),
      translator: nullTranslator,
      deeds: {
        goToCell: refuse,
        copy: refuse,
        download: refuse,
        canLoad: () => false,
        load: refuse,
        report: refuse
      },
      functionDeeds: {
        onInsert: refuse,
        onDelete: refuse,
        onCopy: refuse,
        onHighlight: refuse
      },
      accountDeeds: {
        onSignIn: refuse,
        onSignOut: refuse,
        onCheck: refuse,
        onCopy: refuse
      },
      configure: refuse,
      classFiles: new FakeClassFiles(),
      commands: new CommandRegistry()
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

  it('has a name, an icon and its three sections', () => {
    expect(panel.id).toBe(PANEL_ID);
    expect(panel.title.caption).toBe('Globus Compute');
    expect(panel.title.icon).toMatchObject({
      name: 'jupyterlab-globus-compute:compute'
    });
    expect(panel.widgets.map(({ title }) => title.label)).toEqual([
      'Batches',
      'Endpoints',
      'Functions'
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

  it('says whether the default service needs an account', async () => {
    services.items = [CLOUD_SERVICE, LOCAL_SERVICE];
    services.changed.emit();
    await shows('Globus Compute · account of Globus Compute');
    endpoints.become([LOCAL]);
    await shows('This computer · no account needed');
    endpoints.become([{ ...LOCAL, name: 'theta', service: 'cloud' }]);
    await shows('theta · account of Globus Compute');
  });

  it('names the endpoint of the notebook one is in', async () => {
    const lab = { ...LOCAL, id: 'e2', name: 'lab' };
    endpoints.become([LOCAL, lab]);
    vi.spyOn(endpoints, 'defaultFor').mockImplementation(path =>
      path === 'thesis.ipynb' ? lab : LOCAL
    );
    panel.endpoints.notebookPath = 'thesis.ipynb';
    await shows('lab · no account needed', 'default for this notebook');
    panel.endpoints.notebookPath = null;
    await shows('This computer · no account needed');
  });

  it('follows the functions', async () => {
    await shows('No functions yet.');
    functions.become([
      {
        id: '10c9678c-7c33-4b1e-8f38-1f0f1c2d3e4f',
        service: 'local',
        name: 'area',
        source: null,
        isPublic: true,
        used: 0,
        batches: ['b1', 'b2']
      }
    ]);
    await shows('area', '10c9678c · public · in 2 batches');
  });

  it('reads the batches each time it is opened', () => {
    expect(refreshBatches).toHaveBeenCalledOnce();
    panel.hide();
    panel.show();
    expect(refreshBatches).toHaveBeenCalledTimes(2);
  });

  it('draws nothing while it is hidden and catches up after', async () => {
    await shows('No batches yet.');
    panel.hide();
    const rows = vi.spyOn(BatchesModel.prototype, 'rows', 'get');
    const told = new Promise(resolve => {
      panel.batches.stateChanged.connect(resolve);
    });
    batches.become(makeBatches(1));
    endpoints.become([LOCAL], 'A problem to wait for.');
    await told;
    MessageLoop.flush();
    expect(rows).not.toHaveBeenCalled();
    panel.show();
    await shows('run-0', 'A problem to wait for.');
  });

  it('stops following when it is disposed', () => {
    const stops = [batches, endpoints, functions, services].map(source =>
      vi.spyOn(source.changed, 'disconnect')
    );
    panel.dispose();
    for (const stop of stops) {
      expect(stop).toHaveReturnedWith(true);
    }
  });
});
