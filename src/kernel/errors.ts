/** The kernel answered a request with an error, which it has already shown. */
export class KernelReplyError extends Error {
  constructor(
    /** Class name of the exception in the kernel. */
    readonly ename: string,
    /** Its message. */
    readonly evalue: string
  ) {
    super(`${ename}: ${evalue}`);
    this.name = 'KernelReplyError';
  }
}

/**
 * The kernel did not run a request, because something before it in its queue
 * failed. Nothing happened, and nothing needs to be said.
 */
export class KernelAbortedError extends Error {
  constructor() {
    super('The kernel did not run this: something before it failed.');
    this.name = 'KernelAbortedError';
  }
}

/** The kernel was restarted, died, or cannot be reached any more. */
export class KernelGoneError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'KernelGoneError';
  }
}

/**
 * The kernel has other defaults of `%compute_config` than the cell was prepared
 * with, and has run nothing of it.
 */
export class StaleDefaultsError extends Error {
  constructor() {
    super('The defaults of %compute_config have changed. Run the cell again.');
    this.name = 'StaleDefaultsError';
  }
}
