import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';

import { Failure } from './failure.mjs';
import { inRoot, venvBin, venvCommand } from './paths.mjs';
import { run } from './process.mjs';
import { installedExtension } from './python-environment.mjs';
import { digestOf, Stamp } from './stamp.mjs';

/** What the bundle is made of. */
const inputs = [
  'src',
  'style',
  'schema',
  'jupyterlab_globus_compute/kernel',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'webpack.config.cjs'
];

/** The folder JupyterLab loads the front end from. */
const bundle = inRoot('jupyterlab_globus_compute/labextension');

/**
 * The front end, compiled and bundled.
 *
 * @returns {import('./steps.mjs').IStep}
 */
export function buildStep() {
  const stamp = new Stamp(
    inRoot('lib/.stamp'),
    digestOf(inputs, { counts: isBuildInput })
  );
  const isBuilt = existsSync(path.join(bundle, 'static/style.js'));
  return {
    title: 'Front end',
    isCurrent: isBuilt && stamp.isCurrent,
    make: async () => {
      // A module that is gone from src must go from lib.
      await rm(inRoot('lib'), { recursive: true, force: true });
      await build(process.execPath, [inRoot('scripts/build-lib.mjs')]);
      await build(venvCommand('jupyter-builder'), ['build', '.']);
      await stamp.write();
    }
  };
}

/**
 * The link through which JupyterLab finds the bundle in this clone.
 *
 * @returns {import('./steps.mjs').IStep}
 */
export function linkStep() {
  return {
    title: 'Extension link',
    isCurrent: linkedFolder() === bundle,
    make: async () => {
      await rm(installedExtension, { recursive: true, force: true });
      await mkdir(path.dirname(installedExtension), { recursive: true });
      // Only Windows reads the type: a junction needs no privilege there.
      await symlink(bundle, installedExtension, 'junction');
    }
  };
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
async function build(command, args) {
  const { code, output } = await run(command, args, {
    env: { PATH: `${venvBin}${path.delimiter}${process.env.PATH ?? ''}` }
  });
  if (code !== 0) {
    throw new Failure(
      'The front end does not build: put right what is said above and try ' +
        'again.',
      output
    );
  }
}

/**
 * @param {string} file
 * @returns {boolean} whether the bundle depends on it
 */
function isBuildInput(file) {
  const inKernel = file.includes(`jupyterlab_globus_compute${path.sep}kernel`);
  return inKernel ? /\.(py|json)$/.test(file) : !/\.test\.tsx?$/.test(file);
}

/**
 * @returns {string | null} where the link leads, if there is one
 */
function linkedFolder() {
  const found = lstatSync(installedExtension, { throwIfNoEntry: false });
  return found?.isSymbolicLink()
    ? path.resolve(readlinkSync(installedExtension))
    : null;
}
