import type { PartialJSONObject } from '@lumino/coreutils';
import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';

import type { IPresetStore } from './presets';
import { Presets } from './presets';

class FakeStore implements IPresetStore {
  constructor(public composite: PartialJSONObject = {}) {}

  readonly changed = new Signal<this, void>(this);

  set(key: string, value: PartialJSONObject): Promise<void> {
    this.composite = { ...this.composite, [key]: value };
    return Promise.resolve();
  }
}

describe('Presets', () => {
  it('are kept by endpoint and name', async () => {
    const store = new FakeStore({ grouping: 'none' });
    const presets = new Presets(store);
    await presets.save('e1', 'small', { nodes: 1 });
    await presets.save('e1', 'large', { nodes: 8 });
    await presets.save('e2', 'small', { nodes: 2 });
    await presets.save('e1', 'small', { nodes: 3 });
    expect([...presets.of('e1')]).toEqual([
      ['small', { nodes: 3 }],
      ['large', { nodes: 8 }]
    ]);
    await presets.delete('e1', 'large');
    expect([...presets.of('e1').keys()]).toEqual(['small']);
    expect([...presets.of('e2')]).toEqual([['small', { nodes: 2 }]]);
    expect(store.composite['grouping']).toBe('none');
  });

  it('leave out what is not one, in settings somebody wrote', () => {
    const endpointPresets = { e1: { odd: 7, fine: {} }, e2: 'odd' };
    const presets = new Presets(new FakeStore({ endpointPresets }));
    expect([...presets.of('e1').keys()]).toEqual(['fine']);
    expect(presets.of('e2').size).toBe(0);
  });

  it('cannot be saved without settings', () => {
    const presets = new Presets(null);
    expect(presets.canSave).toBe(false);
    expect(presets.of('e1').size).toBe(0);
  });
});
