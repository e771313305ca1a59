import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';

import type { IBatch, IBatches } from '../tokens';
import { FunctionList } from './functionList';

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
});
