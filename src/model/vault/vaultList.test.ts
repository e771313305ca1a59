import { beforeEach, describe, expect, it } from 'vitest';

import { Batch } from '../batches/batch';
import { FakeEvents } from '../testing/fakeEvents';
import { FakeVault, makeRecord } from '../testing/fakeVault';
import { VaultList } from './vaultList';

const ORIGIN = {
  title: 'area',
  service: 'local',
  endpoint: { id: 'ep', name: 'This computer' },
  notebookPath: 'hello.ipynb',
  cellId: 'c1'
};

describe('VaultList', () => {
  let vault: FakeVault;
  let events: FakeEvents;
  let list: VaultList;

  const ids = (): string[] => list.items.map(({ id }) => id);

  beforeEach(() => {
    vault = new FakeVault();
    events = new FakeEvents();
    list = new VaultList(vault, events);
  });

  it('asks for nothing before somebody wants to see', () => {
    expect(list.items).toEqual([]);
    expect(vault.asked).toEqual([]);
    expect(events.starts).toBe(0);
  });

  it('reads the newest first, and older ones when asked', async () => {
    for (let at = 0; at < 450; at++) {
      vault.add(makeRecord({ id: `b${at}`, created: at }));
    }
    await list.refresh();
    expect(ids().slice(0, 2)).toEqual(['b449', 'b448']);
    expect(list.items).toHaveLength(200);
    expect(list.hasMore).toBe(true);
    await list.loadMore();
    await list.loadMore();
    expect(list.items).toHaveLength(450);
    expect(list.hasMore).toBe(false);
  });

  it('has a batch of its own and of the vault once', async () => {
    const batch = new Batch(ORIGIN);
    list.addLive(batch);
    vault.add(makeRecord({ id: batch.id, landed: true, lost: 1 }));
    await list.refresh();
    expect(list.items).toEqual([batch]);
    expect(batch.landed).toBe(true);
    expect(batch.lost).toBe(1);
  });

  it('follows the events, and an older word changes nothing', async () => {
    vault.add(makeRecord({ id: 'a', sequence: 5 }));
    await list.refresh();
    const news = (state: 'running' | 'done', sequence: number): void => {
      events.batches.emit({
        batches: [makeRecord({ id: 'a', state, sequence })],
        removed: []
      });
    };
    news('done', 6);
    news('running', 4);
    expect(list.get('a')?.state).toBe('done');
    events.batches.emit({
      batches: [makeRecord({ id: 'b', created: 1_800_000_000 })],
      removed: ['a']
    });
    expect(ids()).toEqual(['b']);
  });

  it('reads again after a gap', async () => {
    await list.refresh();
    vault.add(makeRecord({ id: 'a' }));
    events.become(true);
    await expect.poll(ids).toEqual(['a']);
  });

  it('forgets, and takes it back when asked', async () => {
    vault.add(makeRecord({ id: 'a' }));
    await list.refresh();
    await list.forget(['a']);
    expect(ids()).toEqual([]);
    expect(vault.records.size).toBe(0);
    await list.restore(['a']);
    expect(ids()).toEqual(['a']);
  });

  it('has back what the vault refused to forget', async () => {
    vault.add(makeRecord({ id: 'a' }));
    await list.refresh();
    vault.failure = new Error('The disk is full.');
    await expect(list.forget(['a'])).rejects.toThrow('The disk is full.');
    expect(ids()).toEqual(['a']);
  });

  it('says why the vault cannot be read, and no longer when it can', async () => {
    vault.failure = new Error('The disk is gone.');
    await list.refresh();
    expect(list.problem).toBe('The disk is gone.');
    vault.failure = null;
    await list.refresh();
    expect(list.problem).toBeNull();
  });
});
