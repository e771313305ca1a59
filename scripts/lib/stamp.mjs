import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { inRoot, root } from './paths.mjs';

/**
 * A file that says of which inputs a product was made. It is written after the
 * product is complete and removed before it is made anew, so that half a
 * product is never taken for a whole one.
 */
export class Stamp {
  /**
   * @param {string} file - path of the stamp, inside the product
   * @param {string} digest - the digest of the inputs as they are now
   */
  constructor(file, digest) {
    this._file = file;
    this._digest = digest;
  }

  /** Whether the product was made, to its end, of the inputs as they are. */
  get isCurrent() {
    return (
      existsSync(this._file) &&
      readFileSync(this._file, 'utf8').trim() === this._digest
    );
  }

  /** To be called before the product is touched. */
  async clear() {
    await rm(this._file, { force: true });
  }

  /** To be called when the product is complete. */
  async write() {
    await mkdir(path.dirname(this._file), { recursive: true });
    await writeFile(this._file, `${this._digest}\n`);
  }
}

/**
 * @param {readonly string[]} inputs - files and folders below the root; those
 *   that are not there count as such
 * @param {object} [options]
 * @param {(file: string) => boolean} [options.counts] - whether a file found
 *   in a folder counts; every file, by default
 * @param {string} [options.salt] - anything else the product depends on
 * @returns {string} a digest of their names and contents
 */
export function digestOf(inputs, { counts = () => true, salt = '' } = {}) {
  const hash = createHash('sha256').update(salt);
  for (const input of inputs) {
    for (const file of filesOf(inRoot(input))) {
      if (counts(file)) {
        hash.update(`\0${path.relative(root, file)}\0`);
        hash.update(readFileSync(file));
      }
    }
  }
  return hash.digest('hex');
}

/**
 * @param {string} place
 * @returns {string[]} the file, or the files below the folder, in a fixed order
 */
function filesOf(place) {
  if (!existsSync(place)) {
    return [];
  }
  return statSync(place).isDirectory()
    ? readdirSync(place)
        .sort()
        .flatMap(name => filesOf(path.join(place, name)))
    : [place];
}
