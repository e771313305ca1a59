import { MimeModel } from '@jupyterlab/rendermime';
import { Widget } from '@lumino/widgets';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { englishBundle } from '../model/format';
import {
  DIVISION,
  FakeBatch,
  FakeBatches,
  makeSnapshot,
  makeTask
} from '../model/testing/fakeBatches';
import type { IBatch } from '../tokens';
import { BATCH_MIME_TYPE } from '../tokens';

import type { BatchRenderer } from './renderer';
import { createBatchRendererFactory } from './renderer';
import { toMimeBundle } from './staticForm';
import { button } from './testing/queries';

const RUNNING = makeSnapshot({
  state: 'running',
  tasks: [makeTask(0, { state: 'running' }), makeTask(1)]
});

let batches: FakeBatches;
let renderer: BatchRenderer;
let onGoToLine: (batch: IBatch, line: number) => void;
let retried: string[];
let titles: string[];
let observer: MutationObserver;

beforeEach(() => {
  vi.stubGlobal('requestIdleCallback', (callback: () => void) =>
    setTimeout(callback)
  );
  batches = new FakeBatches();
  onGoToLine = vi.fn();
  retried = [];
  const factory = createBatchRendererFactory({
    batches,
    endpoints: {
      find: () => undefined,
      refresh: () => {
        throw new Error('Unexpected call of refresh().');
      }
    },
    trans: englishBundle(),
    onGoToLine: (batch, line) => {
      onGoToLine(batch, line);
    },
    onChooseEndpoint: () => {
      throw new Error('Unexpected call of onChooseEndpoint().');
    },
    onRunFailedAgain: batch => {
      retried.push(batch.id);
    },
    onCopy: () => {
      throw new Error('Unexpected call of onCopy().');
    }
  });
  expect(factory.safe).toBe(true);
  expect(factory.mimeTypes).toEqual([BATCH_MIME_TYPE]);
  renderer = factory.createRenderer({
    mimeType: BATCH_MIME_TYPE,
    sanitizer: { sanitize: text => text },
    resolver: null,
    linkHandler: null,
    latexTypesetter: null
  }) as BatchRenderer;
  Widget.attach(renderer, document.body);
  titles = [];
  observer = new MutationObserver(noteTitle);
  observer.observe(renderer.node, {
    characterData: true,
    childList: true,
    subtree: true
  });
});

afterEach(() => {
  observer.disconnect();
  renderer.dispose();
  vi.unstubAllGlobals();
});

/** Note every title that was ever to be seen. */
function noteTitle(): void {
  const title = renderer.node.querySelector('.jp-GlobusCompute-title');
  if (title && title.textContent !== titles.at(-1)) {
    titles.push(title.textContent);
  }
}

async function render(data: unknown, trusted = true): Promise<void> {
  const model = new MimeModel({
    trusted,
    data: { [BATCH_MIME_TYPE]: data as never }
  });
  await renderer.renderModel(model);
}

/** Wait until the renderer shows a text. */
async function shows(text: string): Promise<void> {
  await vi.waitFor(() => {
    expect(renderer.node.textContent).toContain(text);
  }, 3000);
}

describe('a saved card', () => {
  it('shows what the notebook holds', async () => {
    await render(toMimeBundle(makeSnapshot())[BATCH_MIME_TYPE]);
    await shows('areaon This computer');
  });

  it('of a notebook that is not trusted says that running is up to the reader', async () => {
    const card = toMimeBundle(makeSnapshot())[BATCH_MIME_TYPE];
    await render(card, false);
    await shows('Nothing of it runs unless you run the cell');
    await render(card, true);
    await vi.waitFor(() => {
      expect(renderer.node.textContent).not.toContain('Nothing of it runs');
    });
  });

  it('is drawn anew at each change of the output', async () => {
    await render(RUNNING);
    await render(makeSnapshot({ title: 'volume' }));
    await shows('volume');
    expect(
      renderer.node.querySelectorAll('.jp-GlobusCompute-card')
    ).toHaveLength(1);
  });

  it('that is damaged says so in one line', async () => {
    await render({ ...RUNNING, tasks: 'none' });
    await shows(
      'This batch card cannot be shown: the data saved in the notebook is damaged. Run the cell again to replace it.'
    );
    expect(renderer.node.querySelectorAll('button')).toHaveLength(0);
  });

  it('of a later version says what to do', async () => {
    await render({ ...RUNNING, version: 2 });
    await shows('Update the extension');
  });

  it('survives being detached and attached again', async () => {
    await render(makeSnapshot());
    Widget.detach(renderer);
    await render(makeSnapshot({ title: 'volume' }));
    expect(renderer.node.textContent).toBe('');
    Widget.attach(renderer, document.body);
    await shows('volume');
  });
});

describe('a live card', () => {
  it('follows the batch, not the notebook', async () => {
    const batch = new FakeBatch(RUNNING);
    batches.items = [batch];
    await render(makeSnapshot({ state: 'waiting' }));
    await shows('Running ·');
    batch.become({ state: 'done', tasks: [makeTask(0), makeTask(1)] });
    await shows('Done, 2 done');
  });

  it('begins to follow a batch that becomes known later', async () => {
    await render(RUNNING);
    await shows('Running when last saved');
    batches.become([new FakeBatch(RUNNING)]);
    await shows('Running ·');
  });

  it('keeps what it saw last of a batch that is forgotten', async () => {
    const batch = new FakeBatch(RUNNING);
    batches.items = [batch];
    await render(RUNNING);
    await shows('area × 2');
    batch.become({ state: 'done', title: 'finished' });
    batches.become([]);
    await shows('finished');
    batch.become({ title: 'nobody listens' });
    batches.become([new FakeBatch(makeSnapshot({ title: 'known again' }))]);
    await shows('known again');
    expect(titles).toEqual(['area × 2', 'finished × 2', 'known again']);
  });

  it('changes over to another batch with its output', async () => {
    const first = new FakeBatch(RUNNING);
    const second = new FakeBatch(makeSnapshot({ id: 'batch-2', title: 'b2' }));
    batches.items = [first, second];
    await render(RUNNING);
    await render(second.snapshot());
    await shows('b2');
    first.become({ title: 'late news' });
    second.become({ title: 'b3' });
    await shows('b3');
    expect(titles).not.toContain('late news');
  });

  it('goes to lines of the cell the batch was run from', async () => {
    const batch = new FakeBatch(
      makeSnapshot({
        state: 'failed',
        tasks: [makeTask(0, { state: 'failed', failure: DIVISION })]
      })
    );
    batches.items = [batch];
    await render(batch.snapshot());
    await shows('line 4');
    button(renderer.node, /line 4/).click();
    expect(onGoToLine).toHaveBeenCalledExactlyOnceWith(batch, 4);
  });

  it('moves the time of a running batch on', async () => {
    const now = vi.spyOn(Date, 'now');
    now.mockReturnValue((RUNNING.created + 5) * 1000);
    batches.items = [new FakeBatch(RUNNING)];
    await render(RUNNING);
    await shows('Running · 5 s');
    now.mockReturnValue((RUNNING.created + 9) * 1000);
    await shows('Running · 9 s');
    now.mockReturnValue((RUNNING.created + 11) * 1000);
    await shows('Running · 11 s');
  });

  it('stops following when it is disposed', async () => {
    const batch = new FakeBatch(RUNNING);
    batches.items = [batch];
    await render(RUNNING);
    const stopsFollowing = vi.spyOn(batch.changed, 'disconnect');
    const stopsLooking = vi.spyOn(batches.changed, 'disconnect');
    renderer.dispose();
    expect(stopsFollowing).toHaveReturnedWith(true);
    expect(stopsLooking).toHaveReturnedWith(true);
  });
});
