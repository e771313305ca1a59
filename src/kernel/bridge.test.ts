// @vitest-environment node
import { readFileSync } from 'node:fs';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { decodeText, encodeText } from './base64';
import type { IBridgeSession } from './bridge';
import { KernelBridge } from './bridge';
import { bridgeSources } from './bridgeSources';
import {
  KernelAbortedError,
  KernelGoneError,
  KernelReplyError
} from './errors';
import type { KernelOutput } from './execution';
import { errorReply, FakeKernel, okReply } from './testing/fakeKernel';

const DOOR = "__import__('sys').modules['_globus_compute_bridge']";

/** Longest piece of text that goes to the kernel in one request. */
const LIMIT_CHARACTERS = 4 * 1024 * 1024;

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
const taken = {
  reply: okReply(`'${encodeText(JSON.stringify(step))}'`, 3)
};

let kernel: FakeKernel;
let bridge: KernelBridge;

beforeEach(() => {
  kernel = new FakeKernel();
  bridge = new KernelBridge(kernel.connection);
});

afterEach(() => {
  expect(kernel.refused).toEqual([]);
  expect(kernel.unasked).toBe(0);
  expect(kernel.listeners).toBe(0);
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

async function started(): Promise<IBridgeSession> {
  kernel.expect(done).expect(taken);
  const { session } = await bridge.start(request, ignore);
  kernel.requests.length = 0;
  return session;
}

describe('KernelBridge.defaults', () => {
  it('asks for the line, putting a missing bridge there', async () => {
    const line = '--endpoint="é 𝒳"';
    kernel.expect(missing).expect(done);
    kernel.expect({ reply: okReply(`'${encodeText(line)}'`) });
    await expect(bridge.defaults()).resolves.toBe(line);
    expect(kernel.requests.at(-1)?.content).toMatchObject({
      code: '',
      silent: true,
      user_expressions: { value: `${DOOR}.defaults()` }
    });
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
  it('announces the cell, then runs its own text', async () => {
    kernel.expect(done).expect(taken);
    const answer = await bridge.start(request, ignore);
    expect(answer.step).toEqual({ ...step, executionCount: 3 });
    const [arm, cell] = kernel.requests;
    expect(arm.content).toMatchObject({ silent: true, store_history: false });
    const { sid, ...told } = armed(arm.content.code);
    expect(told).toEqual(request);
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

  it('puts a missing bridge there once, and repeats the call', async () => {
    kernel.expect(missing).expect(done).expect(done).expect(taken);
    kernel.expect(done).expect(taken);
    await bridge.start(request, ignore);
    await bridge.start(request, ignore);
    const [first, injection, repeated, cell, next] = codes();
    expect(repeated).toBe(first);
    expect(cell).toBe(request.source);
    expect(armed(next)).toMatchObject({ source: request.source });

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
    await expect(bridge.start(request, ignore)).rejects.toMatchObject({
      ename: 'KeyError'
    });
  });

  it('says so when the bridge cannot be put there', async () => {
    kernel.expect(missing).expect({ reply: errorReply('SyntaxError', 'old') });
    await expect(bridge.start(request, ignore)).rejects.toMatchObject({
      ename: 'SyntaxError'
    });
  });

  it.each([
    ['KeyError', "'another'"],
    ['CellError', 'no _globus_compute_bridge']
  ])('takes %s of %s for what it is', async (ename, evalue) => {
    kernel.expect({ reply: errorReply(ename, evalue) });
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
    kernel.expect({});
    const answer = bridge.start(request, ignore);
    kernel.statusChanged.emit('restarting');
    await expect(answer).rejects.toBeInstanceOf(KernelGoneError);
  });
});

describe('a session', () => {
  it('feeds the outcomes and runs on', async () => {
    const session = await started();
    const outcomes = [{ index: 0, ok: true, data: 'é𝒳' }];
    kernel.expect(done).expect(taken);
    const next = await session.resume(outcomes, ignore);
    expect(next).toEqual({ ...step, executionCount: 3 });
    const [feed, resume] = kernel.requests;
    const [, sid, base64] =
      /\.feed\('([\w-]+)', '([^']*)'\)$/.exec(feed.content.code) ?? [];
    expect(JSON.parse(decodeText(base64))).toEqual(outcomes);
    expect(resume.content).toMatchObject({
      code: `${DOOR}.resume('${sid}')`,
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
    const length = encodeText(JSON.stringify(outcomes)).length;
    const pieces = Math.ceil(length / LIMIT_CHARACTERS);
    expect(pieces).toBeGreaterThan(2);
    for (let piece = 0; piece < pieces; piece++) {
      kernel.expect(done);
    }
    kernel.expect(taken);
    await session.resume(outcomes, ignore);
    const chunks = codes()
      .slice(0, -1)
      .map(code => /, '([^']*)'\)$/.exec(code)?.[1] ?? '');
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
    kernel.expect(done).expect({ reply: errorReply('TaskFailed', 'there') });
    await expect(session.resume([], ignore)).rejects.toMatchObject({
      ename: 'TaskFailed'
    });
  });

  it('is gone with its kernel', async () => {
    const session = await started();
    kernel.expect({});
    const answer = session.resume([], ignore);
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
