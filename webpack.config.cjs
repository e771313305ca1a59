/**
 * What the extension's bundle needs beyond JupyterLab's own build rules.
 *
 * `import text from './file?raw'` gives the text of a file. Vite, which runs
 * the unit tests, has the same rule built in.
 */
module.exports = {
  module: {
    rules: [{ resourceQuery: /^\?raw$/, type: 'asset/source' }]
  }
};
