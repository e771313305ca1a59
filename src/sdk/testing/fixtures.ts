/**
 * Golden payloads made by the Python SDK.
 */

import { readFileSync } from 'node:fs';

/**
 * Read a fixture. Not imported as a module: Vite's JSON has no lone
 * surrogates, Python's has.
 *
 * @param path - Path below `src/sdk`.
 */
export function readFixture(path: string): unknown {
  const url = new URL(`../${path}`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8'));
}
