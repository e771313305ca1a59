import { readdirSync, readFileSync } from 'node:fs';

import { inRoot } from '../paths.mjs';

/**
 * @param {string} file - a JSON file, below the root
 * @returns {unknown} what it declares
 */
export function declaredIn(file) {
  return JSON.parse(readFileSync(inRoot(file), 'utf8'));
}

/**
 * @returns {{ name: string, schema: Record<string, unknown> }[]} the settings
 *   of JupyterLab's plugins, by the names of the plugins
 */
export function settingSchemas() {
  return readdirSync(inRoot('schema'))
    .sort()
    .map(file => ({
      name: file.replace('.json', ''),
      schema: /** @type {Record<string, unknown>} */ (
        declaredIn(`schema/${file}`)
      )
    }));
}
