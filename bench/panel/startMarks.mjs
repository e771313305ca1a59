/**
 * What JupyterLab asks for an extension's modules.
 *
 * @typedef {object} IContainer
 * @property {(scope: unknown) => unknown} init
 * @property {(module: string) => Promise<() => IModule>} get
 */

/**
 * @typedef {object} IPlugin
 * @property {string} id
 * @property {(...args: unknown[]) => unknown} activate
 */

/**
 * @typedef {object} IModule
 * @property {IPlugin | IPlugin[]} [default]
 */

/**
 * Marks around what this extension does at JupyterLab's start. Runs in the
 * page, before anything else does; the product knows nothing of it.
 *
 * @param {string} name - of the extension
 */
export function markStart(name) {
  /**
   * @template T
   * @param {string} label
   * @param {() => T} run
   * @returns {T}
   */
  const measure = (label, run) => {
    const start = performance.now();
    try {
      return run();
    } finally {
      performance.measure(label, { start, end: performance.now() });
    }
  };
  /**
   * @param {IModule} module
   * @returns {IModule}
   */
  const markPlugins = module => {
    for (const plugin of [module.default ?? []].flat()) {
      const { activate } = plugin;
      plugin.activate = (...args) =>
        measure(`bench:activate ${plugin.id}`, () =>
          activate.apply(plugin, args)
        );
    }
    return module;
  };
  /**
   * @param {IContainer} container
   * @returns {IContainer}
   */
  const markContainer = container => ({
    init: scope => container.init(scope),
    get: async module => {
      const factory = await container.get(module);
      return () => markPlugins(measure(`bench:evaluate ${module}`, factory));
    }
  });
  /** @type {Record<string, IContainer>} */
  const containers = {};
  Object.assign(window, {
    _JUPYTERLAB: new Proxy(containers, {
      set: (all, scope, /** @type {IContainer} */ container) => {
        all[String(scope)] =
          scope === name ? markContainer(container) : container;
        return true;
      }
    })
  });
}

/**
 * Runs in the page, after it has started.
 *
 * @returns {{ name: string, ms: number }[]} what was marked
 */
export function readMarks() {
  return performance
    .getEntriesByType('measure')
    .filter(entry => entry.name.startsWith('bench:'))
    .map(entry => ({ name: entry.name.slice(6), ms: entry.duration }));
}
