// @vitest-environment node
import { readFileSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { decodeText, encodeText } from './base64';
import type { IBridgeSession } from './bridgeSession';
import { KernelBridge } from './bridge';
import { bridgeSources } from './bridgeSources';
import {
  KernelAbortedError,
  KernelGoneError,
  KernelReplyError,
  StaleDefaultsError
} from './errors';
import type { KernelOutput } from './execution';
import { listPieces } from './pieces';
import { errorReply, FakeKernel, okReply } from './testing/fakeKernel';

const DOOR = "__import__('sys').modules['_globus_compute_bridge']";

/** Longest piece of outcomes that goes to the kernel in one request. */
const LIMIT_CHARACTERS = 256 * 1024;

const request = {
  source: '%%compute\ndef f(x): return "é𝒳"\nf(1)',
  options: {
    inputs: [],
    outputs: [],
    body: false,
    capture: true,
    name: null,
    args: '1, 2',
    kwargs: null,
    over: [['x', 'range(3)'] as const],
    functions: [],
    offered: [],
    registerOnly: false,
    dryRun: false,
    local: false,
    config: null,
    resources: null,
    serializer: null,
    resultSerializer: null,
    quiet: false
  },
  directory: '/home/me/Ä',
  cellId: 'c1'
};

const step = {
  form: 'call',
  name: 'f — é𝒳',
  state: 'waiting',
  functions: [],
  tasks: [],
  warnings: [],
  remote_lines: null,
  config: null,
  resources: null,
  report: null
};

const missing = { reply: errorReply('KeyError', "'_globus_compute_bridge'") };
const done = { reply: okReply() };
const told = (value: string) => ({
  reply: okReply(`'${encodeText(value)}'`, 3)
});
const taken = told(JSON.stringify(step));

/** What the bridge itself listens for: that its kernel starts anew. */
const OWN_LISTENERS = 2;

let kernel: FakeKernel;
let bridge: KernelBridge;

beforeEach(() => {
  kernel = new FakeKernel();
  bridge = new KernelBridge(kernel.connection);
});

afterEach(() => {
  expect(kernel.refused).toEqual([]);
  expect(kernel.unasked).toBe(0);
  expect(kernel.listeners).toBe(OWN_LISTENERS);
});

const ignore = (): void => undefined;

/** Texts of the requests that arrived. */
function codes(): string[] {
  return kernel.requests.map(({ content }) => content.code);
}

/** The only argument of a call of `arm`, decoded. */
function armed(code: string): Record<string, unknown> {
  const base64 = /\.arm\('([A-Za-z0-9+/=]+)'\)$/.exec(code)?.[1] ?? '';
  return JSON.parse(decodeText(base64)) as Record<string, unknown>;
}

/** Have the kernel tell the defaults, so that it is known to have the bridge. */
async function introduced(defaults = ''): Promise<void> {
  kernel.expect(told(defaults));
  await bridge.defaults();
  kernel.requests.length = 0;
}

async function started(): Promise<IBridgeSession> {
  await introduced();
  kernel.expect(done).expect(taken);
  const { session } = await bridge.start(request, ignore);
  kernel.requests.length = 0;
  return session;
}

describe('KernelBridge.defaults', () => {
  it('asks for the line, putting a missing bridge there', async () => {
    const line = '--endpoint="é 𝒳"';
    kernel.expect(missing).expect(done);
    kernel.expect(told(line));
    await expect(bridge.defaults()).resolves.toBe(line);
    expect(kernel.requests.at(-1)?.content).toMatchObject({
      code: '',
      silent: true,
      user_expressions: { value: `${DOOR}.defaults()` }
    });

    const [, injection] = codes();
    const [, code, texts] =
      /b64decode\('([^']+)'\)[^]*\['inject'\]\('([^']+)', get_ipython\(\)\)/.exec(
        injection
      ) ?? [];
    expect(JSON.parse(decodeText(texts))).toEqual(bridgeSources);
    const file = new URL(
      '../../jupyterlab_globus_compute/kernel/inject.py',
      import.meta.url
    );
    expect(decodeText(code)).toBe(readFileSync(file, 'utf8'));
    expect(kernel.requests[1].content.silent).toBe(true);
  });

  it('does not try for ever', async () => {
    kernel.expect(missing).expect(done).expect(missing);
    await expect(bridge.defaults()).rejects.toMatchObject({
      ename: 'KeyError'
    });
  });

  it('says so when the bridge cannot be put there', async () => {
    kernel.expect(missing).expect({ reply: errorReply('SyntaxError', 'old') });
    await expect(bridge.defaults()).rejects.toMatchObject({
      ename: 'SyntaxError'
    });
  });

  it('asks once, until the kernel may have others', async () => {
    await introduced('--quiet');
    await expect(bridge.defaults()).resolves.toBe('--quiet');
    kernel.statusChanged.emit('busy');
    await expect(bridge.defaults()).resolves.toBe('--quiet');
    expect(codes()).toEqual([]);
    const voids = [
      () => bridge.forgetDefaults(),
      () => kernel.statusChanged.emit('restarting'),
      () => kernel.statusChanged.emit('autorestarting'),
      () => kernel.connectionStatusChanged.emit('connecting')
    ];
    for (const [at, makeVoid] of voids.entries()) {
      makeVoid();
      kernel.expect(told(`--name=n${at}`));
      await expect(bridge.defaults()).resolves.toBe(`--name=n${at}`);
    }
  });
});

describe('KernelBridge.bring', () => {
  it('brings a batch in pieces that fit a message', async () => {
    kernel.expect(done).expect(done);
    const batch = {
      asked: 'area',
      problem: null,
      card: null,
      tasks: [{ index: 0, ok: true, data: 'x'.repeat(4 * 1024 * 1024) }]
    };
    await bridge.bring(batch);
    const pieces = codes().map(
      code => /bring\('(.*)', (True|False)\)$/.exec(code) ?? []
    );
    expect(pieces.map(piece => piece[2])).toEqual(['False', 'True']);
    const text = pieces.map(piece => piece[1]).join('');
    expect(JSON.parse(decodeText(text))).toEqual(batch);
  });
});

describe('KernelBridge.start', () => {
  beforeEach(() => introduced('--no-wait'));

  it('announces the cell, and runs its own text right behind', async () => {
    kernel.expect(done).expect(taken);
    const answer = await bridge.start(request, ignore);
    expect(answer.step).toEqual({ ...step, executionCount: 3 });
    const [arm, cell] = kernel.requests;
    expect(arm.content).toMatchObject({ silent: true, store_history: false });
    const { sid, ...rest } = armed(arm.content.code);
    expect(rest).toEqual({ ...request, defaults: '--no-wait' });
    expect(cell).toEqual({
      content: {
        code: request.source,
        silent: false,
        store_history: true,
        user_expressions: { value: `${DOOR}.take('${String(sid)}')` },
        allow_stdin: false,
        stop_on_error: true
      },
      metadata: { cellId: request.cellId }
    });
  });

  it('gives every run an id of its own', async () => {
    kernel.expect(done).expect(taken).expect(done).expect(taken);
    await bridge.start(request, ignore);
    await bridge.start(request, ignore);
    const [first, , second] = codes();
    expect(armed(first).sid).not.toBe(armed(second).sid);
  });

  it('passes on what the cell shows', async () => {
    const content = { name: 'stdout', text: 'hello\n' };
    kernel
      .expect(done)
      .expect({ ...taken, outputs: [{ type: 'stream', content }] });
    const shown: KernelOutput[] = [];
    await bridge.start(request, output => shown.push(output));
    expect(shown).toEqual([
      { kind: 'add', output: { output_type: 'stream', ...content } }
    ]);
  });

  it('asks for the defaults first, where they are not known', async () => {
    bridge.forgetDefaults();
    kernel.expect(missing).expect(done).expect(told('--quiet'));
    kernel.expect(done).expect(taken);
    await bridge.start(request, ignore);
    const [, , , arm] = codes();
    expect(armed(arm)).toMatchObject({ defaults: '--quiet' });
  });

  it('says that the kernel has other defaults by now', async () => {
    kernel.expect(done).expect(told('{"state": "stale"}'));
    await expect(bridge.start(request, ignore)).rejects.toBeInstanceOf(
      StaleDefaultsError
    );
    kernel.expect(told('--quiet'));
    await expect(bridge.defaults()).resolves.toBe('--quiet');
  });

  it('runs nothing twice in a kernel that lost the bridge', async () => {
    const content = { ename: 'UsageError', evalue: 'no magic', traceback: [] };
    kernel.expect(missing).expect({
      reply: errorReply('UsageError', 'no magic'),
      outputs: [{ type: 'error', content }]
    });
    const shown: KernelOutput[] = [];
    await expect(
      bridge.start(request, output => shown.push(output))
    ).rejects.toThrow('The kernel was restarted. Run the cell again.');
    expect(shown).toEqual([]);
  });

  it.each([
    ['KeyError', "'another'"],
    ['CellError', 'no _globus_compute_bridge']
  ])('takes %s of %s for what it is', async (ename, evalue) => {
    kernel.expect({ reply: errorReply(ename, evalue) }).expect(taken);
    await expect(bridge.start(request, ignore)).rejects.toMatchObject({
      ename,
      evalue
    });
  });

  it('fails as the cell fails', async () => {
    kernel.expect(done).expect({ reply: errorReply('CellError', 'line 2') });
    await expect(bridge.start(request, ignore)).rejects.toBeInstanceOf(
      KernelReplyError
    );
  });

  it('tells that the cell was skipped', async () => {
    kernel
      .expect(done)
      .expect({ reply: { status: 'aborted', execution_count: 1 } });
    await expect(bridge.start(request, ignore)).rejects.toBeInstanceOf(
      KernelAbortedError
    );
  });

  it('ends when the kernel is restarted', async () => {
    kernel.expect({}).expect({});
    const answer = bridge.start(request, ignore);
    await vi.waitFor(() => expect(codes()).toHaveLength(2));
    kernel.statusChanged.emit('restarting');
    await expect(answer).rejects.toBeInstanceOf(KernelGoneError);
  });
});

describe('a session', () => {
  it('runs on with the outcomes', async () => {
    const session = await started();
    const outcomes = [{ index: 0, ok: true, data: 'é𝒳' }];
    kernel.expect(taken);
    const next = await session.resume(outcomes, ignore);
    expect(next).toEqual({ ...step, executionCount: 3 });
    const [{ content }] = kernel.requests;
    const [, sid, base64] =
      /\.resume\('([\w-]+)', '([^']*)'\)$/.exec(content.code) ?? [];
    expect(JSON.parse(decodeText(base64))).toEqual(outcomes);
    expect(content).toMatchObject({
      silent: false,
      store_history: false,
      user_expressions: { value: `${DOOR}.take('${sid}')` }
    });
  });

  it('feeds much in pieces that the connection takes', async () => {
    const session = await started();
    const outcomes = [
      { index: 0, ok: true, data: 'é€𝒳'.repeat(500_000) },
      { index: 1, ok: false, data: 'x'.repeat(5_000_000) }
    ];
    const pieces = [...listPieces(outcomes, LIMIT_CHARACTERS)];
    expect(pieces.length).toBeGreaterThan(20);
    // The end of them is short, and comes with the request to run on.
    pieces.slice(1).forEach(() => kernel.expect(done));
    kernel.expect(taken);
    await session.resume(outcomes, ignore);
    expect(codes().at(-1)).toContain('.resume(');
    const chunks = codes().map(code => /, '([^']*)'\)$/.exec(code)?.[1] ?? '');
    expect(Math.max(...chunks.map(chunk => chunk.length))).toBeLessThanOrEqual(
      LIMIT_CHARACTERS
    );
    // Each piece is base64 of its own: the kernel decodes it when it comes.
    const bytes = chunks.map(chunk => Buffer.from(chunk, 'base64'));
    expect(chunks.every(chunk => chunk.length % 4 === 0)).toBe(true);
    expect(JSON.parse(Buffer.concat(bytes).toString('utf8'))).toEqual(outcomes);
  });

  it('fails as the rest of the cell fails', async () => {
    const session = await started();
    kernel.expect({ reply: errorReply('TaskFailed', 'there') });
    await expect(session.resume([], ignore)).rejects.toMatchObject({
      ename: 'TaskFailed'
    });
  });

  it('says that its kernel was restarted', async () => {
    const session = await started();
    const content = { ...missing.reply, traceback: [] };
    kernel.expect({ ...missing, outputs: [{ type: 'error', content }] });
    const shown: KernelOutput[] = [];
    const answer = session.resume([], output => shown.push(output));
    await expect(answer).rejects.toBeInstanceOf(KernelGoneError);
    await expect(answer).rejects.toThrow('Run the cell again');
    expect(shown).toEqual([]);
  });

  it('is gone with its kernel', async () => {
    const session = await started();
    kernel.expect({});
    const answer = session.resume([], ignore);
    await vi.waitFor(() => expect(codes()).toHaveLength(1));
    kernel.connectionStatusChanged.emit('disconnected');
    await expect(answer).rejects.toBeInstanceOf(KernelGoneError);
  });

  it('is discarded for a reason in any words', async () => {
    const session = await started();
    kernel.expect(done);
    await session.discard('it\'s "é"\n');
    expect(codes()[0]).toMatch(/\.discard\('[\w-]+', "it's \\"é\\"\\n"\)$/);
  });
});
