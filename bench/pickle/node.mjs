/**
 * Times one implementation on one pickle, in a process of its own, so that
 * none runs on what another taught the compiler.
 *
 * `node.mjs (sdk MODULE | pickleparser -) FILE REPEATS BATCH` prints times in
 * milliseconds as JSON, those of reading the mean of a batch of
 * runs.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import pickleparserModule from 'pickleparser';

/**
 * @typedef {object} IImplementation
 * @property {(bytes: Uint8Array) => unknown} read
 * @property {(value: unknown) => Uint8Array} [write]
 */

/** Runs before the ones that count, for the compiler to see. */
const warmUps = 6;

const [kind, module, file, repeats, batchSize] = process.argv.slice(2);
const { read, write } = kind === 'sdk' ? await sdk(module) : pickleparser();
const bytes = new Uint8Array(readFileSync(file));
const value = read(bytes);
const result = {
  read: times(() => read(bytes), Number(batchSize)),
  write: write ? times(() => write(value), 1) : [],
  isView: value instanceof Uint8Array && value.buffer === bytes.buffer
};
process.stdout.write(JSON.stringify(result));

/**
 * @param {() => unknown} action
 * @param {number} batch
 * @returns {number[]}
 */
function times(action, batch) {
  /** @type {number[]} */
  const measured = [];
  for (let i = -warmUps; i < Number(repeats); i++) {
    const startMs = performance.now();
    for (let j = 0; j < batch; j++) {
      action();
    }
    measured.push((performance.now() - startMs) / batch);
  }
  return measured.slice(warmUps);
}

/**
 * @param {string} path
 * @returns {Promise<IImplementation>}
 */
async function sdk(path) {
  /** @type {unknown} */
  const module = await import(pathToFileURL(path).href);
  const { loads, dumps } =
    /** @type {{ loads: (bytes: Uint8Array) => unknown, dumps: (value: unknown) => Uint8Array }} */ (
      module
    );
  return { read: loads, write: dumps };
}

/**
 * @returns {IImplementation}
 */
function pickleparser() {
  return { read: data => new pickleparserModule.Parser().parse(data) };
}
