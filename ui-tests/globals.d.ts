import type { JupyterFrontEnd } from '@jupyterlab/application';

declare global {
  interface Window {
    /** The application, as `expose_app_in_browser` puts it there. */
    jupyterapp: JupyterFrontEnd;
  }
}
