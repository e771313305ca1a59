import { rm } from 'node:fs/promises';
import path from 'node:path';

import { venv } from './paths.mjs';
import { pip } from './python-environment.mjs';
import { digestOf, Stamp } from './stamp.mjs';

/** The pinned packages of real-time collaboration. */
const lock = 'ui-tests/collaboration.txt';

/** Where they are: apart, for they change every JupyterLab that finds them. */
const folder = path.join(venv, 'collaboration');

/**
 * Real-time collaboration, for the browser test that has a JupyterLab with it.
 * Made after the virtual environment.
 *
 * @returns {import('./steps.mjs').IStep}
 */
export function collaborationStep() {
  const stamp = new Stamp(path.join(folder, '.stamp'), digestOf([lock]));
  return {
    title: 'Real-time collaboration, for its test',
    isCurrent: stamp.isCurrent,
    make: async () => {
      await rm(folder, { recursive: true, force: true });
      await pip(
        'install',
        '--no-deps',
        '--target',
        folder,
        '--requirement',
        lock
      );
      await stamp.write();
    }
  };
}
