// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { bridgeSources } from './bridgeSources';

const folder = new URL(
  '../../jupyterlab_globus_compute/kernel/bridge/',
  import.meta.url
);

describe('bridgeSources', () => {
  it('lists every file of the folder, each under its own name', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('.py'))
      .map(file => file.replaceAll('\\', '/'));
    const expected = Object.fromEntries(
      files.map(file => [
        file.slice(0, -'.py'.length).replaceAll('/', '.'),
        readFileSync(new URL(file, folder), 'utf8')
      ])
    );
    expected['options.json'] = readFileSync(
      new URL('../options.json', folder),
      'utf8'
    );
    expect(Object.keys(bridgeSources).sort()).toEqual(
      Object.keys(expected).sort()
    );
    expect(bridgeSources).toEqual(expected);
  });
});
