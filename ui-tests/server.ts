import path from 'node:path';

/**
 * The JupyterLab servers of the browser tests: one for each of Playwright's
 * workers, with a home of its own, so that no test meets another one's batches.
 */
export interface IServer {
  readonly port: string;

  /** Its notebooks, settings, kernels and local service. */
  readonly home: string;

  /** The cookies of a browser that is signed in to it. */
  readonly storageState: string;
}

/** All servers, by the index of their worker. */
export function servers(): IServer[] {
  const home = process.env.GLOBUS_COMPUTE_UI_TEST_HOME ?? '';
  const ports = process.env.GLOBUS_COMPUTE_UI_TEST_PORT ?? '18899';
  return ports.split(',').map((port, index) => {
    const own = path.join(home, String(index));
    return { port, home: own, storageState: path.join(own, 'signed-in.json') };
  });
}

/** The server of the worker that this runs in. */
export function ownServer(): IServer {
  return servers()[Number(process.env.TEST_PARALLEL_INDEX ?? 0)];
}
