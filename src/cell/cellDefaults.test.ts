// @vitest-environment node
import type { Kernel } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import { expect, it } from 'vitest';

import { CellDefaults } from './cellDefaults';

it('keeps the defaults of a notebook while its kernel lives', () => {
  const owner = {};
  const kernel = {
    statusChanged: new Signal<object, Kernel.Status>(owner),
    disposed: new Signal<object, void>(owner)
  } as unknown as Kernel.IKernelConnection & {
    statusChanged: Signal<object, Kernel.Status>;
  };
  const defaults = new CellDefaults();
  const changes: string[] = [];
  defaults.changed.connect((_, path) => changes.push(path));
  defaults.note('a.ipynb', '--no-wait', kernel);
  defaults.note('a.ipynb', '--no-wait', kernel);
  expect(defaults.get('a.ipynb')).toBe('--no-wait');
  expect(defaults.get('b.ipynb')).toBe('');
  kernel.statusChanged.emit('busy');
  expect(defaults.get('a.ipynb')).toBe('--no-wait');
  kernel.statusChanged.emit('restarting');
  expect(defaults.get('a.ipynb')).toBe('');
  expect(changes).toEqual(['a.ipynb', 'a.ipynb']);
});
