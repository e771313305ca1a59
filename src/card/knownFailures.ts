import text from '../../jupyterlab_globus_compute/kernel/failures.json?raw';

/**
 * A kind of failure that one can do something about, as `failures.json`
 * declares it.
 */
export interface IKnownFailure {
  /** An example of how it reads, for the documentation. */
  readonly seen: string;
  /** Class names of the exception, without their module; any where absent. */
  readonly types?: readonly string[];
  /**
   * What its message, or the end of its traceback, says: a regular expression
   * that JavaScript and Python read alike.
   */
  readonly text?: string;
  /** Whether capitals count as small letters in the text. */
  readonly ignoreCase?: boolean;
  /**
   * What happened and what to do, in plain words: `%1` is the endpoint, `%2`
   * the first group of the text.
   */
  readonly advice: string;
  /** The same where the Python version of the workers is known: `%3`. */
  readonly adviceWithVersion?: string;
}

/** The failures that have a remedy; the first that fits is told. */
export const KNOWN_FAILURES: readonly IKnownFailure[] = (
  JSON.parse(text) as { failures: readonly IKnownFailure[] }
).failures;
