import { Token } from '@lumino/coreutils';

/** Something that has to be right before a notebook can be run. */
export interface IReadinessFinding {
  readonly about:
    | 'server'
    | 'class'
    | 'service'
    | 'account'
    | 'group'
    | 'endpoint'
    | 'tasks'
    | 'python';
  /** `unknown` where it cannot be told. */
  readonly state: 'ok' | 'problem' | 'unknown';
  /** What was found, for a person. */
  readonly text: string;
  /** What to do; empty if nothing is to be done. */
  readonly advice: string;
}

/** Tells what is missing to run a notebook, and runs nothing. */
export interface IReadiness {
  /**
   * @param notebookPath - The notebook, relative to the server's root.
   * @param kernelPython - Python version of its kernel, if one is running.
   */
  check(
    notebookPath: string,
    kernelPython: string | null
  ): Promise<readonly IReadinessFinding[]>;
}

/** Token of {@link IReadiness}. */
export const IReadiness = new Token<IReadiness>(
  'jupyterlab-globus-compute:IReadiness',
  'Tells what is missing to run a notebook.'
);
