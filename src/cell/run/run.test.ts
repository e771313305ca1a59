import { PromiseDelegate } from '@lumino/coreutils';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { KernelReplyError } from '../../kernel/errors';
import { END, endTasks, FakeRun, step } from '../testing/fakeRun';

describe('CellRun', () => {
  let fake: FakeRun;

  beforeEach(() => {
    fake = new FakeRun();
    return () => fake.notebook.dispose();
  });

  it('submits, waits, shows what was printed and resumes', async () => {
    await expect(fake.start()).resolves.toBe(true);
    expect(fake.resume.mock.calls[0][0]).toMatchObject([
      { index: 0, ok: true, data: '00\nx' }
    ]);
    expect(fake.outputs.slice(1)).toEqual(['printed\n']);
    expect(fake.discard).not.toHaveBeenCalled();
  });

  it('hands a failure to the kernel, which ends the cell quietly', async () => {
    fake.settled = endTasks({ failures: 1 });
    fake.resume.mockImplementation((_, onOutput) => {
      onOutput({
        kind: 'add',
        output: {
          output_type: 'error',
          ename: 'TaskFailed',
          evalue: 'ValueError: bad',
          traceback: []
        }
      });
      return Promise.reject(new KernelReplyError('TaskFailed', 'bad'));
    });
    await expect(fake.start()).resolves.toBe(false);
    expect(fake.resume.mock.calls[0][0]).toMatchObject([
      { index: 0, ok: false, data: 'ValueError: bad' }
    ]);
    expect(fake.outputs).toHaveLength(1);
  });

  it.each([
    ['%%compute --nope', /no option --nope/],
    ['%%compute -e nowhere', /no endpoint "nowhere"\. Known.*This computer/]
  ])('refuses %j before the kernel sees it', async (source, message) => {
    fake.first = new Error('the kernel must not be asked');
    await expect(fake.start(source)).resolves.toBe(false);
    expect(fake.outputs).toHaveLength(1);
    expect(fake.outputs[0]).toMatch(message);
  });

  it('adds nothing to what the kernel has shown', async () => {
    fake.first = new KernelReplyError('CellError', 'shown by the kernel');
    await expect(fake.start()).resolves.toBe(false);
    expect(fake.outputs).toEqual([]);
  });

  it('shows an unforeseen error in one message', async () => {
    fake.first = new Error('the unforeseen');
    await expect(fake.start()).resolves.toBe(false);
    expect(fake.outputs).toEqual(['the unforeseen']);
  });

  it('stops waiting, tells the kernel and says so in the card', async () => {
    const never = new PromiseDelegate<void>();
    fake.settled = () => never.promise;
    const cell = fake.run();
    const ended = cell.run(() => undefined);
    await vi.waitUntil(() => cell.phase === 'waiting');
    expect(cell.stopWaiting()).toBe(true);
    await expect(ended).resolves.toBe(false);
    expect(cell.batch?.note).toMatch(/^Stopped waiting/);
    expect(fake.discard).toHaveBeenCalledOnce();
    expect(fake.resume).not.toHaveBeenCalled();
    expect(cell.stopWaiting()).toBe(false);
  });

  it('ends though the kernel never answers that it forgot the run', async () => {
    fake.settled = () => new PromiseDelegate<void>().promise;
    fake.discard.mockReturnValue(new PromiseDelegate<void>().promise);
    const cell = fake.run();
    const ended = cell.run(() => undefined);
    await vi.waitUntil(() => cell.phase === 'waiting');
    cell.stopWaiting();
    await expect(ended).resolves.toBe(false);
  });

  it('stops waiting when the time is over', async () => {
    fake.settled = () => new PromiseDelegate<void>().promise;
    const cell = fake.run('%%compute --timeout 0.01\narea(1)');
    await expect(cell.run(() => undefined)).resolves.toBe(false);
    expect(cell.batch?.note).toMatch(/--timeout is over/);
  });

  it('goes by the defaults that the kernel has by now', async () => {
    const run = new FakeRun();
    run.defaults = '--body';
    run.laterDefaults.push('--no-capture');
    expect(await run.start()).toBe(true);
    expect(run.requested?.options).toMatchObject({
      body: false,
      capture: false
    });
    expect(run.submits).toHaveLength(1);
  });

  it('gives up where the defaults change all the time', async () => {
    const run = new FakeRun();
    run.laterDefaults.push('--body', '--no-capture');
    expect(await run.start()).toBe(false);
    expect(run.outputs.join()).toContain('Run the cell again.');
    expect(run.submits).toEqual([]);
  });

  it('explains its options instead of running', async () => {
    fake.first = new Error('the kernel must not be asked');
    await expect(fake.start('%%compute --help')).resolves.toBe(true);
    expect(fake.outputs[0]).toMatch(/-e\/--endpoint NAME +Where to run/);
  });

  it('ends when the kernel is restarted while it waits', async () => {
    fake.settled = () => new PromiseDelegate<void>().promise;
    const cell = fake.run();
    const ended = cell.run(() => undefined);
    await vi.waitUntil(() => cell.phase === 'waiting');
    fake.kernel.statusChanged.emit('restarting');
    await expect(ended).resolves.toBe(false);
    expect(cell.batch?.note).toMatch(/kernel was restarted/);
  });

  it('ends when the kernel is restarted while it sends', async () => {
    fake.settled = () => new PromiseDelegate<void>().promise;
    const cell = fake.run();
    cell.changed.connect(() => {
      if (cell.phase === 'sending') {
        fake.kernel.statusChanged.emit('restarting');
      }
    });
    await expect(cell.run(() => undefined)).resolves.toBe(false);
    expect(cell.batch?.note).toMatch(/kernel was restarted/);
    expect(fake.submits).toHaveLength(1);
  });

  it('lets the cells below run with --no-wait, or when told', async () => {
    const end = new PromiseDelegate<void>();
    fake.settled = () => end.promise;
    const quick = fake.start('%%compute --no-wait\narea(1)');
    await vi.waitUntil(() => fake.released);

    fake.released = false;
    const cell = fake.run();
    const ended = cell.run(() => {
      fake.released = true;
    });
    expect(cell.canSendToBackground).toBe(false);
    await vi.waitUntil(() => cell.phase === 'waiting');
    expect(fake.released).toBe(false);
    cell.sendToBackground();
    expect(fake.released).toBe(true);
    expect(cell.inBackground).toBe(true);
    end.resolve();
    await expect(Promise.all([quick, ended])).resolves.toEqual([true, true]);
  });

  it('goes on while the kernel asks for more', async () => {
    fake.resume
      .mockResolvedValueOnce(
        step({
          tasks: [
            { index: 1, function: '0', payload: 'q', label: 'area(2)', line: 4 }
          ],
          warnings: ['y is a lazy map']
        })
      )
      .mockResolvedValueOnce(END);
    await expect(fake.start()).resolves.toBe(true);
    expect(fake.resume.mock.calls[1][0]).toMatchObject([{ index: 1 }]);
    expect(fake.outputs).toContain('Note: y is a lazy map\n');
  });
});
