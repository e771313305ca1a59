import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';

import { Failure } from './failure.mjs';
import { inRoot, root, venv, venvCommand } from './paths.mjs';
import { requirePython } from './prerequisites.mjs';
import { run } from './process.mjs';
import { digestOf, Stamp } from './stamp.mjs';

/** The full list of pinned packages. */
const lock = 'requirements-dev.lock';

/** The lock, and what the project's own package is made of. */
const inputs = [lock, 'pyproject.toml', 'install.json', 'jupyter-config'];

/** Where JupyterLab looks for the extension in the virtual environment. */
export const installedExtension = path.join(
  venv,
  'share/jupyter/labextensions/jupyterlab-globus-compute'
);

/**
 * The virtual environment with every Python package of the project, and the
 * project itself linked into it.
 *
 * @returns {import('./steps.mjs').IStep}
 */
export function pythonEnvironmentStep() {
  // The commands of an environment do not outlive a move of its folder.
  const salt = `${root}\0${projectVersion()}`;
  const stamp = new Stamp(
    path.join(venv, '.stamp'),
    digestOf(inputs, { salt })
  );
  return {
    title: 'Python packages',
    isCurrent: existsSync(venvCommand('python')) && stamp.isCurrent,
    require: async () => {
      if (!(await isVenvUsable())) {
        await requirePython();
      }
    },
    make: async () => {
      await stamp.clear();
      if (!(await isVenvUsable())) {
        await createVenv();
      }
      await pip('install', '--requirement', lock);
      await installProject();
      await stamp.write();
    }
  };
}

/**
 * @returns {Promise<boolean>} whether the environment is there, and its
 *   commands start what is in it
 */
async function isVenvUsable() {
  const { code, output } = await run(venvCommand('pip'), ['--version']);
  return code === 0 && output.includes(venv);
}

/**
 * @returns {string} the version under which the project is installed
 */
function projectVersion() {
  /** @type {unknown} */
  const manifest = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  return /** @type {{ version: string }} */ (manifest).version;
}

async function createVenv() {
  const python = await requirePython();
  const args = [...python.args, '-m', 'venv', '--clear', venv];
  const { code, output } = await run(python.command, args);
  if (code !== 0) {
    throw new Failure(
      `Python ${python.version} could not create the virtual environment ` +
        '.venv: see above, and try again.',
      output
    );
  }
}

/**
 * Install the project so that its Python files are used where they are. The
 * front end is built and linked by a step of its own.
 */
async function installProject() {
  // pip removes the files of the last installation: not through the link.
  await rm(installedExtension, { recursive: true, force: true });
  await mkdir(inRoot('jupyterlab_globus_compute/labextension'), {
    recursive: true
  });
  await pip('install', '--no-deps', '--no-build-isolation', '--editable', '.');
}

/**
 * Run the environment's pip.
 *
 * @param {...string} args
 * @throws Failure with what it said
 */
export async function pip(...args) {
  const { code, output } = await run(
    venvCommand('python'),
    ['-m', 'pip', '--disable-pip-version-check', ...args],
    { env: { HATCH_BUILD_NO_HOOKS: 'true' } }
  );
  if (code !== 0) {
    throw new Failure(
      `"pip ${args.join(' ')}" failed: see above; with a working network ` +
        'connection, try again.',
      output
    );
  }
}
