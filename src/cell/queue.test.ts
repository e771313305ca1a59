// @vitest-environment node
import { PromiseDelegate } from '@lumino/coreutils';
import { describe, expect, it } from 'vitest';

import type { IJob } from './queue';
import { RunQueue } from './queue';

class Cell implements IJob {
  constructor(
    readonly kind: IJob['kind'],
    private readonly _log: string[],
    private readonly _name: string
  ) {}

  start(release: () => void): Promise<boolean> {
    this._log.push(`start ${this._name}`);
    this.release = release;
    return this.end.promise;
  }

  onWait(runNow: () => void): void {
    this._log.push(`wait ${this._name}`);
    this.runNow = runNow;
  }

  onWaited(): void {
    this._log.push(`waited ${this._name}`);
  }

  readonly end = new PromiseDelegate<boolean>();
  release = (): void => undefined;
  runNow = (): void => undefined;
}

function notebook(kinds: Record<string, IJob['kind']>): {
  log: string[];
  cells: Record<string, Cell>;
  done: Record<string, Promise<boolean>>;
} {
  const queue = new RunQueue();
  const log: string[] = [];
  const cells: Record<string, Cell> = {};
  const done: Record<string, Promise<boolean>> = {};
  for (const [name, kind] of Object.entries(kinds)) {
    cells[name] = new Cell(kind, log, name);
    done[name] = queue.run(cells[name]);
  }
  return { log, cells, done };
}

describe('RunQueue', () => {
  it('starts plain cells at once, in order', () => {
    const { log } = notebook({ a: 'plain', b: 'plain' });
    expect(log).toEqual(['start a', 'start b']);
  });

  it('keeps cells waiting behind a compute cell', async () => {
    const { log, cells, done } = notebook({
      a: 'compute',
      b: 'plain',
      c: 'compute'
    });
    expect(log).toEqual(['start a', 'wait b', 'wait c']);
    cells.a.end.resolve(true);
    await expect(done.a).resolves.toBe(true);
    expect(log.slice(3)).toEqual(['waited b', 'start b']);
    cells.b.end.resolve(true);
    await done.b;
    expect(log.slice(5)).toEqual(['waited c', 'start c']);
  });

  it('keeps a compute cell waiting behind plain cells', async () => {
    const { log, cells, done } = notebook({ a: 'plain', b: 'compute' });
    expect(log).toEqual(['start a', 'wait b']);
    cells.a.end.resolve(true);
    await done.a;
    expect(log).toContain('start b');
  });

  it('drops what waits when a cell fails', async () => {
    const { log, cells, done } = notebook({
      a: 'compute',
      b: 'plain',
      c: 'compute'
    });
    cells.a.end.resolve(false);
    await expect(done.a).resolves.toBe(false);
    await expect(done.b).resolves.toBe(false);
    await expect(done.c).resolves.toBe(false);
    expect(log).not.toContain('start b');
    expect(log).not.toContain('start c');
  });

  it('drops what waits and passes the error on when a cell throws', async () => {
    const { cells, done } = notebook({ a: 'plain', b: 'compute' });
    const failure = new Error('from the kernel');
    cells.a.end.reject(failure);
    await expect(done.a).rejects.toBe(failure);
    await expect(done.b).resolves.toBe(false);
  });

  it('lets the others go on when a cell goes to the background', async () => {
    const { log, cells, done } = notebook({ a: 'compute', b: 'plain' });
    cells.a.release();
    expect(log).toContain('start b');
    cells.b.end.resolve(true);
    await done.b;
    cells.a.end.resolve(false);
    await expect(done.a).resolves.toBe(false);
  });

  it('does not drop others when a background cell fails', async () => {
    const { cells, done, log } = notebook({
      a: 'compute',
      b: 'compute',
      c: 'plain'
    });
    cells.a.release();
    cells.a.end.resolve(false);
    await done.a;
    cells.b.end.resolve(true);
    await done.b;
    expect(log).toContain('start c');
  });

  it('runs a waiting cell now when asked', async () => {
    const { log, cells } = notebook({ a: 'compute', b: 'plain', c: 'plain' });
    cells.c.runNow();
    expect(log).toEqual(['start a', 'wait b', 'wait c', 'waited c', 'start c']);
    cells.c.runNow();
    expect(log).toHaveLength(5);
  });
});
