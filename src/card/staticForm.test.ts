import { describe, expect, it } from 'vitest';

import { DIVISION, makeSnapshot, makeTask } from '../model/testing/fakeBatches';
import type { ITaskFailure } from '../tokens';
import { BATCH_MIME_TYPE } from '../tokens';

import { toMimeBundle } from './staticForm';

const HOSTILE = '<script>alert("1")</script><img src=x onerror=\'a\'>&amp;';

/** What a browser makes of the HTML, without running it. */
function parse(html: string): Document {
  return new DOMParser().parseFromString(html, 'text/html');
}

describe('toMimeBundle', () => {
  it('tells all of a failed batch in HTML and in plain text', () => {
    const bundle = toMimeBundle(
      makeSnapshot({
        title: 'divide',
        state: 'failed',
        ended: 1_700_000_003.1,
        note: 'Stopped waiting',
        taskGroupId: 'group-1',
        pythonVersion: '3.12.1',
        tasks: [
          makeTask(0, {
            label: 'divide(1, 0)',
            state: 'failed',
            failure: DIVISION
          }),
          makeTask(1, { state: 'failed', failure: DIVISION }),
          makeTask(2)
        ]
      })
    );
    const html = parse(bundle['text/html']).body.textContent;
    for (const told of [html, bundle['text/plain']]) {
      expect(told).toContain('✗ divide × 3');
      expect(told).toContain('on This computer');
      expect(told).toContain('Failed · 1 done · 2 failed · 3.1 s');
      expect(told).toContain('2023-11-14T22:13:20Z');
      expect(told).toContain('Stopped waiting');
      expect(told).toContain(
        '2 tasks failed alike: ZeroDivisionError: division by zero'
      );
      expect(told).toContain('line 4, in divide: return a / b');
      expect(told).toContain(DIVISION.traceback);
      expect(told).toContain('10c9678c-7c33-4b1e-8f38-1f0f1c2d3e4f');
      expect(told).toContain('group-1');
      expect(told).toContain('3.12.1');
    }
  });

  it('is complete where styles and tags that run are taken away', () => {
    const { 'text/html': html } = toMimeBundle(
      makeSnapshot({
        state: 'done',
        ended: 1_700_000_001.5,
        taskGroupId: 'group-1',
        pythonVersion: '3.12.1',
        sdkVersion: '4.19.0',
        sourceHash: 'c0ffee'
      })
    );
    // What GitHub and nbviewer leave: no style, class, id, script or form.
    const { body } = parse(html);
    expect(
      body.querySelectorAll('script, style, form, button, [onclick], [id]')
    ).toHaveLength(0);
    for (const element of body.querySelectorAll('[style]')) {
      element.removeAttribute('style');
    }
    for (const told of [
      'on This computer',
      '2023-11-14T22:13:20Z',
      'Service local',
      'Endpoint ',
      'Function 10c9678c-7c33-4b1e-8f38-1f0f1c2d3e4f',
      'Task group group-1',
      'Python 3.12.1',
      'Compute SDK 4.19.0',
      'SHA-256 of the cell c0ffee'
    ]) {
      expect(body.textContent).toContain(told);
    }
    expect(body.textContent).not.toMatch(/token|Bearer/i);
  });

  it('names the call of a task that failed alone, and its id', () => {
    const { 'text/plain': text } = toMimeBundle(
      makeSnapshot({
        state: 'failed',
        tasks: [
          makeTask(0, {
            id: '587afd2e-0000-4000-8000-000000000000',
            label: 'divide(1, 0)',
            state: 'failed',
            failure: DIVISION
          })
        ]
      })
    );
    expect(text).toContain('divide(1, 0): ZeroDivisionError');
    expect(text).toContain('Task 587afd2e-0000-4000-8000-000000000000');
  });

  it('is short when all went well', () => {
    const { 'text/plain': text } = toMimeBundle(
      makeSnapshot({ ended: 1_700_000_000.8 })
    );
    expect(text).toBe(
      [
        '✓ area on This computer',
        'Done · 1 done · 0.8 s · 2023-11-14T22:13:20Z',
        '',
        'Service local',
        `Endpoint ${makeSnapshot().endpoint.id}`,
        'Function 10c9678c-7c33-4b1e-8f38-1f0f1c2d3e4f'
      ].join('\n')
    );
  });

  it('lets no text from outside become markup', () => {
    const failure: ITaskFailure = {
      type: HOSTILE,
      message: HOSTILE,
      frame: { line: 1, name: HOSTILE, source: HOSTILE },
      traceback: HOSTILE
    };
    const { 'text/html': html } = toMimeBundle(
      makeSnapshot({
        title: HOSTILE,
        state: 'failed',
        note: HOSTILE,
        endpoint: { id: 'e', name: HOSTILE },
        functionIds: [HOSTILE],
        taskGroupId: HOSTILE,
        pythonVersion: HOSTILE,
        tasks: [
          makeTask(0, { id: HOSTILE, label: HOSTILE, state: 'failed', failure })
        ]
      })
    );
    const page = parse(html);
    expect(page.querySelectorAll('script, img')).toHaveLength(0);
    // All 13 places show the text as it is.
    expect(page.body.textContent.split(HOSTILE)).toHaveLength(14);
  });

  it('takes terminal sequences out of the plain text', () => {
    const { 'text/plain': text } = toMimeBundle(
      makeSnapshot({ title: '\u001b[31mred\u001b[0m\u0007\u001b]0;x\u0007' })
    );
    expect(text).toContain('✓ red]0;x on');
  });

  it('keeps the end of a very long traceback and says so', () => {
    const traceback = `START${'x'.repeat(20_000)}END`;
    const bundle = toMimeBundle(
      makeSnapshot({
        state: 'failed',
        tasks: [
          makeTask(0, { state: 'failed', failure: { ...DIVISION, traceback } })
        ]
      })
    );
    expect(bundle['text/plain']).toContain('(beginning left out)');
    expect(bundle['text/plain']).toContain('xEND');
    expect(bundle['text/plain']).not.toContain('START');
    expect(bundle['text/html'].length).toBeLessThan(12_000);
  });

  it('counts the failures it does not tell', () => {
    const tasks = Array.from({ length: 14 }, (_, index) =>
      makeTask(index, {
        state: 'failed',
        failure: { ...DIVISION, message: `no ${index}` }
      })
    );
    const counts = {
      total: 2000,
      waiting: 0,
      running: 0,
      done: 0,
      failed: 2000
    };
    const { 'text/plain': text } = toMimeBundle(
      makeSnapshot({ state: 'failed', tasks, counts })
    );
    expect(text).toContain('no 9');
    expect(text).not.toContain('no 10');
    expect(text).toContain('1,990 more failed.');
  });

  it('holds a copy of the snapshot that is JSON', () => {
    const snapshot = makeSnapshot({ note: undefined });
    const data = toMimeBundle(snapshot)[BATCH_MIME_TYPE];
    expect(data).toEqual(JSON.parse(JSON.stringify(snapshot)));
    expect('note' in data).toBe(false);
    expect(data).not.toBe(snapshot);
  });

  it('survives a time that is none', () => {
    const { 'text/plain': text } = toMimeBundle(
      makeSnapshot({ created: 1e300 })
    );
    expect(text).toContain('unknown time');
  });
});
