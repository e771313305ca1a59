/**
 * What the extension's bundle needs beyond JupyterLab's own build rules.
 *
 * Modules are numbered as they are found: numbers made from their names would
 * tell one folder that this is built in from another, for some names have it in
 * them, and nobody could say whether a bundle is that of these sources. Shared
 * packages that are bundled as well would be found in the order of such names;
 * package.json turns sharing off for the two there are.
 *
 * `import text from './file?raw'` gives the text of a file. Vite, which runs
 * the unit tests, has the same rule built in.
 */
module.exports = {
  optimization: { moduleIds: 'natural' },
  module: {
    rules: [{ resourceQuery: /^\?raw$/, type: 'asset/source' }]
  }
};
