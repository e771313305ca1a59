import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';

import type { IBatch, IBatches } from '../tokens';
import { FunctionList } from './functionList';
import { RegisteredFunctions } from './registeredFunctions';

/** Batches of which only what they call matters here. */
class FakeBatches {
  items: readonly IBatch[] = [];
  readonly changed = new Signal<IBatches, void>(this as unknown as IBatches);

  use(...functionIds: string[]): void {
    const created = Date.now() / 1000 + 1;
    this.items = [
      { id: 'b1', title: 'area', service: 'local', created, functionIds }
    ] as unknown as IBatch[];
    this.changed.emit(undefined);
  }
}

const never = (): Promise<never> =>
  Promise.reject(new Error('No service is asked.'));

describe('FunctionList', () => {
  it('has what was registered, and once it is used what uses it', async () => {
    const batches = new FakeBatches();
    const client = { deleteFunction: () => Promise.resolve() };
    const list = new FunctionList(
      { get: () => Promise.resolve({ client } as never) },
      batches
    );
    let changes = 0;
    list.changed.connect(() => (changes += 1));
    list.add({ id: 'f1', service: 'local', name: 'volume' });
    expect(changes).toBe(1);
    expect(list.find('volume')).toMatchObject({ id: 'f1', batches: [] });
    batches.use('f2', 'f1');
    expect(list.items.map(({ id, batches }) => [id, batches.length])).toEqual([
      ['f2', 1],
      ['f1', 1]
    ]);
    await list.delete('f1');
    expect(list.find('f1')).toBeUndefined();
  });

  it('remembers what was registered before, and keeps what is now', () => {
    const kept: unknown[] = [];
    const registered = new RegisteredFunctions();
    registered.chosen.connect((_, value) => kept.push(value));
    const batches = new FakeBatches();
    const list = new FunctionList({ get: never }, batches, registered);
    const before = { id: 'f1', service: 'cloud', name: 'volume', used: 7 };
    registered.read({
      registered: [before, null, 'f2', { ...before, used: 'yesterday' }]
    });
    expect(list.items).toEqual([{ ...before, source: null, batches: [] }]);
    expect(kept).toEqual([]);
    list.add({ id: 'f3', service: 'local', name: 'area' });
    list.add({ id: 'f1', service: 'cloud', name: 'volume' });
    const { registered: last } = kept.at(-1) as { registered: unknown[] };
    expect(last).toMatchObject([{ id: 'f1' }, { id: 'f3' }]);
    // What was used by another name keeps the one that it was registered by.
    batches.use('f3');
    expect(list.find('f3')).toMatchObject({ name: 'area', batches: ['b1'] });
  });

  it('forgets one that is deleted, and the oldest of many', async () => {
    const registered = new RegisteredFunctions();
    const client = { deleteFunction: () => Promise.resolve() };
    const list = new FunctionList(
      { get: () => Promise.resolve({ client } as never) },
      new FakeBatches(),
      registered
    );
    for (let index = 0; index < 120; index += 1) {
      list.add({ id: `f${index}`, service: 'local', name: 'f' });
    }
    expect(registered.items).toHaveLength(100);
    expect(registered.items[0].id).toBe('f119');
    await list.delete('f119');
    expect(registered.items[0].id).toBe('f118');
    registered.read({});
    expect(list.items).toEqual([]);
  });
});
