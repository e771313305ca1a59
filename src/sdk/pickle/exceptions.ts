/**
 * Python's exceptions.
 */

import { PyObject } from './values.js';

/** Names of builtin exceptions that do not say so at their end. */
const BARE_NAMES =
  /^builtins\.(BaseException|Generator|Keyboard|Stop|System)\w*$/;

const EXCEPTION_NAME = /(Error|Exception|ExceptionGroup|Warning)$/;

/** Long enough for all endings above. */
const ENDING_LENGTH = 20;

/**
 * An exception, inert: its class by name, its arguments and attributes.
 */
export class PyException extends PyObject {
  /** Name of the class without its module, e.g. `ValueError`. */
  get name(): string {
    return this.className.slice(this.className.lastIndexOf('.') + 1);
  }

  /**
   * The message, where it is the only argument, as it is nearly always; else
   * empty. `describe` shows all arguments.
   */
  get message(): string {
    const [message] = this.args;
    return this.args.length === 1 && typeof message === 'string' ? message : '';
  }
}

/**
 * Whether a class is one of exceptions, by its name: nothing else is known of
 * classes that are not here.
 */
export function isExceptionClass(className: string): boolean {
  return (
    EXCEPTION_NAME.test(className.slice(-ENDING_LENGTH)) ||
    BARE_NAMES.test(className)
  );
}
